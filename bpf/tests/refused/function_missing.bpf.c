/* Calls a function of the kernel that it does not have. */
#include "check.h"

extern int bpf_no_such_function(void) __ksym;

SEC("socket")
int refused(void *context)
{
	return bpf_no_such_function();
}
