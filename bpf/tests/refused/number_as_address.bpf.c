/* A number is no address that may be read. */
#include "check.h"

SEC("raw_tp/sys_enter")
int refused(struct bpf_raw_tracepoint_args *context)
{
	return *(volatile int *)context->args[0];
}
