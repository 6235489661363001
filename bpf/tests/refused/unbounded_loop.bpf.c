/* Nothing ends the loop. */
#include "check.h"

SEC("socket")
int refused(void *context)
{
	while (1)
		asm volatile("" ::: "memory");
	return 0;
}
