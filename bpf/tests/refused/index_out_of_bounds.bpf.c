/* The index may be beyond the array. */
#include "check.h"

char text[64];

SEC("raw_tp/sys_enter")
int refused(struct bpf_raw_tracepoint_args *context)
{
	__u32 index = context->args[1];

	return text[index];
}
