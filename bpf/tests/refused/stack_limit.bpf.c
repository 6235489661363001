/* Two functions take more of the stack than there is. */
#include "check.h"

static __noinline int inner(int number)
{
	volatile char text[300] = {};

	text[number & 255] = 1;
	return text[(number + 1) & 255];
}

SEC("socket")
int refused(struct __sk_buff *context)
{
	volatile char text[300] = {};

	text[context->len & 255] = 1;
	return inner(context->len) + text[(context->len + 1) & 255];
}
