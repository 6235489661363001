/* Reads memory that may have to be fetched first, where one may not wait. */
#include "check.h"

SEC("raw_tp/sys_enter")
int refused(struct bpf_raw_tracepoint_args *context)
{
	int number;

	return bpf_copy_from_user(&number, sizeof(number), (void *)context->args[0]);
}
