/* The part that has what linked_main.bpf.c asks for, and a program of its own. */
#include "linked.h"

struct task_struct {
	int tgid;
} __attribute__((preserve_access_index));

struct other {
	int member;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct shared_value);
} shared_map SEC(".maps");

extern unsigned int LINUX_KERNEL_VERSION __kconfig;
extern _Bool CONFIG_BPF_SYSCALL __kconfig;

char padding = 1;
static volatile int own = 100;
volatile int shared_number = 42;
volatile const int shared_constant = 43;
struct other another;

static __attribute__((noinline)) int same_name(int x)
{
	return own + x;
}

__attribute__((noinline)) int twice(int x)
{
	return x * 2;
}

__attribute__((noinline)) int weak_there(int x)
{
	return same_name(x);
}

__attribute__((weak, noinline)) int weak_here(int x)
{
	return same_name(x) + 100;
}

static long each(__u32 index, void *context)
{
	*(__u64 *)context += same_name(index);
	return 0;
}

SEC("socket")
int has(struct __sk_buff *skb)
{
	__u64 sum = 0;

	CHECK(LINUX_KERNEL_VERSION >= 0x050000);
	CHECK(CONFIG_BPF_SYSCALL);
	CHECK(__builtin_preserve_field_info(((struct task_struct *)0)->tgid, 2));
	CHECK(bpf_loop(3, each, &sum, 0) == 3);
	CHECK(sum == 303);
	CHECK(padding == 1 && another.member == 0);
	return MAGIC;
}
