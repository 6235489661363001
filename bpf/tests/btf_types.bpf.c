// Types of all kinds, for what reads, writes and shows them.

#define SEC(name) __attribute__((section(name), used))
#define tag(text) __attribute__((btf_decl_tag(text)))
#define type_tag(text) __attribute__((btf_type_tag(text)))

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long s64;

enum color { RED, GREEN = 5, BLUE = 7 };
enum depth { BELOW = -3, ABOVE = 3 };
enum wide { SMALL = 1, LARGE = 0x123456789abULL };
enum deep { LOWEST = -0x123456789abLL, HIGHEST = 5 };

struct ahead;
union either;

struct point { int x; int y; };

struct flags {
	u32 low : 3;
	u32 middle : 7;
	int sign : 6;
	u64 far : 40;
	_Bool is_set : 1;
	enum color color : 4;
};

union address {
	u32 v4;
	u8 v6[16];
};

typedef int (*callback_t)(void *context, const char *name, ...);

struct all {
	s64 big;
	u64 mask;
	short little;
	signed char tiny;
	_Bool yes;
	char letter;
	char name[16];
	u8 raw[4];
	int grid[2][3];
	struct point points[2];
	struct { int inner; union { u32 left; u16 right[2]; }; };
	union address address;
	enum color color;
	enum depth depth;
	enum wide wide;
	enum deep deep;
	float single_number;
	double double_number;
	const volatile struct point *const where;
	struct ahead *ahead;
	union either *either;
	callback_t callback;
	int (*table[4])(struct point *, u64);
	int (*(*chooser)(int))(void);
	int (*row)[3];
	void *restrict only;
	int type_tag("user") *tagged;
	struct flags flags;
	__int128 huge;
	u8 rest[];
};

typedef struct all *all_t;
typedef struct { int first; int second; } pair_t;

struct event { u64 time; u32 pid; char comm[8]; u8 data[]; } tag("an event");

struct all *keep_all;
struct event *keep_event;
all_t *keep_alias;
pair_t *keep_pair;

int counter = 5;
int zeroed;
static volatile int hidden_away = 9;
const volatile int chosen SEC(".rodata") = 3;
int tagged_variable tag("told") SEC(".data.more") = 1;
struct point corner SEC("?.data.maybe") = { 1, 2 };

__attribute__((noinline)) int helper(struct all *all, int more)
{
	return all ? more + hidden_away : (int)sizeof(struct event);
}

__attribute__((noinline, visibility("hidden"))) int secret(struct event *event)
{
	return event ? counter : zeroed;
}

SEC("socket") int program(void *context)
{
	keep_all = 0;
	keep_event = 0;
	keep_alias = 0;
	keep_pair = 0;
	return helper(0, chosen + tagged_variable + corner.x) + secret(0);
}

char LICENSE[] SEC("license") = "GPL";
