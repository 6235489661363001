/* An arena: a list that a program makes, and user space walks, and the other way round; variables in it. */
#include "check.h"

#define __arena __attribute__((address_space(1)))

/* Debian 12's headers are older. */
#define BPF_MAP_TYPE_ARENA 33
#define ARENA_PAGES 16

struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, ARENA_PAGES);
#ifdef ARENA_ADDRESS
	enum { arena_address = ARENA_ADDRESS } map_extra;
#endif
} arena SEC(".maps");

void __arena *bpf_arena_alloc_pages(void *map, void __arena *address, __u32 count, int node, __u64 flags) __ksym __weak;
void bpf_arena_free_pages(void *map, void __arena *address, __u32 count) __ksym __weak;

struct node {
	struct node __arena *next;
	long number;
};

int __arena count = 7;
long __arena zeros[4];

/* What user space leaves; a program that never names the arena has none. */
struct node __arena *__arena given;

/* What the program leaves. */
struct node __arena *made;
int __arena *where;

SEC("syscall")
int make(void *context)
{
	struct node __arena *nodes = bpf_arena_alloc_pages(&arena, 0, 1, -1, 0);

	CHECK(nodes);
	CHECK(count == 7);
	CHECK(zeros[3] == 0);
	for (int i = 0; i < 10; i++) {
		nodes[i].number = i + 1;
		nodes[i].next = i < 9 ? &nodes[i + 1] : 0;
	}
	made = nodes;
	count = 10;
	zeros[1] = 5;
	where = &count;
	return MAGIC;
}

/* The sum of what user space has made. */
SEC("syscall")
int walk(void *context)
{
	struct node __arena *node = given;
	int sum = 0;

	for (int i = 0; i < 100 && node; i++) {
		sum += node->number;
		node = node->next;
	}
	return sum;
}
