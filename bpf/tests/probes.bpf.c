/* Programs for many functions at once, and for functions of other programs. Each counts how often it ran, and leaves a number. */
#include "check.h"
#include <asm/ptrace.h>
#include <bpf/bpf_tracing.h>

#define SAME_PROCESS (bpf_get_current_pid_tgid() >> 32 == process)

const volatile __u32 process;

struct seen {
	__u64 count;
	__u64 number;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct seen);
} seen SEC(".maps");

static __always_inline int saw(__u64 number)
{
	__u32 zero = 0;
	struct seen *found = bpf_map_lookup_elem(&seen, &zero);

	if (found) {
		__sync_fetch_and_add(&found->count, 1);
		found->number += number;
	}
	return 0;
}

SEC("?kprobe.multi/do_unlink?t")
int by_kprobes(void *context)
{
	return SAME_PROCESS ? saw(1) : 0;
}

SEC("?kretprobe.multi/do_unlinka*")
int by_kretprobes(struct pt_regs *context)
{
	return SAME_PROCESS ? saw((int)PT_REGS_RC(context)) : 0;
}

SEC("?kprobe.multi")
int by_kprobe_cookies(void *context)
{
	return SAME_PROCESS ? saw(bpf_get_attach_cookie(context)) : 0;
}

SEC("?kprobe.session/do_unlinkat")
int by_kprobe_session(void *context)
{
	return SAME_PROCESS ? saw(1) : 0;
}

SEC("?uprobe.multi/FILE:weft_call_*")
int by_uprobes(void *context)
{
	return SAME_PROCESS ? saw(1) : 0;
}

SEC("?uretprobe.multi/FILE:weft_call_???")
int by_uretprobes(struct pt_regs *context)
{
	return SAME_PROCESS ? saw(PT_REGS_RC(context)) : 0;
}

SEC("?uprobe.multi")
int by_uprobe_cookies(void *context)
{
	return SAME_PROCESS ? saw(bpf_get_attach_cookie(context)) : 0;
}

SEC("?uprobe.session/FILE:weft_call_*")
int by_uprobe_session(void *context)
{
	return SAME_PROCESS ? saw(1) : 0;
}

__attribute__((noinline)) int answer(int question)
{
	volatile int result = question + 1;

	return result;
}

SEC("?socket")
int asks(struct __sk_buff *packet)
{
	return answer(41);
}

SEC("?socket")
int asks_too(struct __sk_buff *packet)
{
	return answer(1041);
}

SEC("?freplace/answer")
int replaces(int question)
{
	saw(question);
	return question + 100;
}

SEC("?fentry/answer")
int BPF_PROG(enters, int question)
{
	return saw(question);
}

SEC("?fexit/answer")
int BPF_PROG(leaves, int question, int result)
{
	return saw(result);
}
