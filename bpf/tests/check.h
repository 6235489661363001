/* What tests have in common: a program returns the line of the first check that failed, or MAGIC. */
#pragma once
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MAGIC 0x600D

#define CHECK(holds)             \
	do {                     \
		if (!(holds))    \
			return __LINE__; \
	} while (0)

char _license[] SEC("license") = "GPL";
