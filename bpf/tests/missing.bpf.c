/* Calls what no kernel has, without looking whether it is there. */
#include "check.h"

extern void there_is_no_such_function(void) __ksym __weak;

SEC("tp_btf/sched_switch")
int calls(void *context)
{
	there_is_no_such_function();
	return 0;
}
