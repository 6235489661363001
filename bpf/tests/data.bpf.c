/* Sections of data: constants, variables with values and without, static and visible ones, of several sections. */
#include "check.h"

struct pair {
	__u32 first;
	__u64 second;
};

const volatile __u32 constant = 17;
static const volatile char text[] = "weft";
const volatile struct pair chosen = {1, 2};
volatile __u32 counter = 5;
static volatile __u64 hidden = 7;
volatile __u64 zeroed;
volatile __u32 apart SEC(".data.apart") = 99;

SEC("socket")
int reads(struct __sk_buff *skb)
{
	CHECK(constant == 17);
	CHECK(text[0] == 'w' && text[3] == 't' && text[4] == 0);
	CHECK(chosen.first == 1 && chosen.second == 2);
	CHECK(counter == 5);
	CHECK(hidden == 7);
	CHECK(zeroed == 0);
	CHECK(apart == 99);
	return MAGIC;
}

SEC("socket")
int writes(struct __sk_buff *skb)
{
	counter += 1;
	hidden += 2;
	zeroed = constant;
	apart = counter;
	return MAGIC;
}

SEC("?socket")
int optional(struct __sk_buff *skb)
{
	return constant;
}
