/* A program of control groups returns 0 or 1. */
#include "check.h"

SEC("cgroup/dev")
int refused(void *context)
{
	return 7;
}
