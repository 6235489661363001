/* Reads a byte that the packet may not have. */
#include "check.h"

SEC("xdp")
int refused(struct xdp_md *context)
{
	__u8 *data = (void *)(long)context->data;

	return data[12] == 8 ? XDP_PASS : XDP_DROP;
}
