/* The part that asks: what it declares is in linked_library.bpf.c. */
#include "linked.h"

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

extern struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct shared_value);
} shared_map SEC(".maps");

extern unsigned int LINUX_KERNEL_VERSION __kconfig;
extern const int there_is_no_such_variable __ksym __weak;

static volatile int own = 7;
volatile int counted;

/* The library has one, too. */
static __attribute__((noinline)) int same_name(int x)
{
	own += x;
	return own;
}

/* The strong one of the library is taken. */
__attribute__((weak, noinline)) int weak_there(int x)
{
	return x + 1;
}

/* A stronger one is nowhere. */
__attribute__((weak, noinline)) int weak_alone(int x)
{
	return x + 4;
}

SEC("socket")
int asks(struct __sk_buff *skb)
{
	struct shared_value value = { .first = 5 }, *found;
	__u32 key = 3;

	CHECK(twice(4) == 8);
	CHECK(same_name(2) == 9);
	CHECK(weak_there(1) == 101);
	CHECK(weak_here(1) == 201);
	CHECK(weak_alone(1) == 5);
	CHECK(shared_number == 42);
	CHECK(shared_constant == 43);
	shared_number = 44;
	CHECK(bpf_map_update_elem(&shared_map, &key, &value, 0) == 0);
	found = bpf_map_lookup_elem(&shared_map, &key);
	CHECK(found && found->first == 5);
	CHECK(LINUX_KERNEL_VERSION >= 0x050000);
	CHECK(__builtin_preserve_field_info(((struct task_struct *)0)->pid, 2));
	shared_number = 42;
	own = 7;
	counted += 1;
	return MAGIC;
}
