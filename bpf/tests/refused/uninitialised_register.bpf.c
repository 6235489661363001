/* Returns what was never set. */
#include "check.h"

SEC("socket")
__attribute__((naked)) int refused(void *context)
{
	asm volatile("exit" ::: "memory");
}
