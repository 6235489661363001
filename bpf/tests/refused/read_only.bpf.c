/* Constants cannot be written. */
#include "check.h"

const volatile int limit = 5;

SEC("socket")
int refused(struct __sk_buff *context)
{
	*(volatile int *)&limit = context->len;
	return limit;
}
