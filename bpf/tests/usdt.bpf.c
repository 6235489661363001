/* What a place of USDT tells: all arguments, and the cookie. */
#include "check.h"
#include <asm/ptrace.h>
#include <stdbool.h>
#include <bpf/usdt.bpf.h>

#define MOST 12

struct told {
	__u64 runs;
	__s64 cookie;
	__s64 count;
	__s64 arguments[MOST];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct told);
} told SEC(".maps");

static __always_inline int tell(struct pt_regs *context)
{
	__u32 zero = 0;
	struct told *found = bpf_map_lookup_elem(&told, &zero);

	if (!found)
		return 0;
	__sync_fetch_and_add(&found->runs, 1);
	found->cookie = bpf_usdt_cookie(context);
	found->count = bpf_usdt_arg_cnt(context);
	for (int i = 0; i < MOST; i++) {
		long value;

		bpf_usdt_arg(context, i, &value);
		found->arguments[i] = value;
	}
	return 0;
}

SEC("?usdt")
int any(struct pt_regs *context)
{
	return tell(context);
}

SEC("?usdt/FILE:weft:kinds")
int named(struct pt_regs *context)
{
	return tell(context);
}
