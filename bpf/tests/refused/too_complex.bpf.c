/* Ends, but after more instructions than the verifier follows. */
#include "check.h"

#define TEN(x) x x x x x x x x x x

SEC("socket")
int refused(void *context)
{
	__u32 sum = 0;

	for (__u32 i = 0; i < 5000; i++)
		asm volatile(TEN(TEN("%0 += 1\n" "%0 += 2\n" "%0 += 3\n")) : "+r"(sum));
	return sum;
}
