/* Calls a helper that no kernel has. */
#include "check.h"

static long (*no_such_helper)(void) = (void *)9999;

SEC("socket")
int refused(void *context)
{
	return no_such_helper();
}
