/* There is no such tracepoint. */
#include "check.h"

SEC("tp_btf/no_such_tracepoint")
int refused(void *context)
{
	return 0;
}
