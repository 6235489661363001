/* The section does not say what the program is. */
#include "check.h"

SEC("something/else")
int refused(void *context)
{
	return 0;
}
