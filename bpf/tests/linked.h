/* What the parts of the linked object share. */
#pragma once
#include "check.h"

struct shared_value {
	__u32 first;
	struct other *next;
};

extern int twice(int x);
extern int weak_here(int x);
extern volatile int shared_number;
extern volatile const int shared_constant;
