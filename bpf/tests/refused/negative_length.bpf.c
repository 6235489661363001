/* The length may be below zero. */
#include "check.h"

char text[64];

SEC("raw_tp/sys_enter")
int refused(struct bpf_raw_tracepoint_args *context)
{
	int length = context->args[1];

	bpf_probe_read_kernel(text, length, (void *)context->args[0]);
	return 0;
}
