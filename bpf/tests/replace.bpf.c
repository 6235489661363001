/* Takes the place of a function of functions.bpf.c. */
#include "check.h"

SEC("freplace/visible")
int replaced(int x)
{
	return x + 100;
}
