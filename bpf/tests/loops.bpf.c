/* So many steps that what the verifier writes of each does not fit into a small buffer. */
#include "check.h"

#define STEPS 1500

SEC("socket")
int counts(struct __sk_buff *skb)
{
	__u32 sum = 0;

	for (__u32 i = 0; i < STEPS; i++)
		sum += *(volatile __u32 *)&skb->len;
	return sum ? MAGIC : 0;
}
