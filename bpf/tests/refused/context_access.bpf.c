/* The context has nothing there. */
#include "check.h"

SEC("socket")
int refused(struct __sk_buff *context)
{
	return *(volatile __u32 *)((char *)context + 4000);
}
