/* A filter of sockets may not ask which task runs. */
#include "check.h"

SEC("socket")
int refused(void *context)
{
	return bpf_get_socket_cookie(context) + bpf_redirect(1, 0);
}
