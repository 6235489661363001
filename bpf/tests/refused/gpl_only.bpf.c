/* The licence forbids this helper. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char _license[] SEC("license") = "Proprietary";

SEC("raw_tp/sys_enter")
int refused(void *context)
{
	return bpf_get_current_task() != 0;
}
