/* Structures that a compiler only lays out so when it is told to. */

#define packed __attribute__((packed))
#define aligned(n) __attribute__((aligned(n)))

struct plain { char a; int b; char c; };
struct bits { int a : 3; int : 10; int b : 19; int c : 7; };
struct next_unit { int a : 3; int : 0; int b : 5; };
struct packed_bits { char a; int b : 31; int c : 17; long d; } packed;
struct packed_pair { short a; long b; } packed;
struct holds_packed { char a; struct packed_pair b; int c; };
struct packed_and_aligned { short a; long b; short c; } packed aligned(4);
struct in_lines { int a; int b aligned(64); int c aligned(128); };
struct in_pages { char a; char b aligned(4096); };
struct ends_late { long a; char b; } aligned(32);
struct open_end { int count; struct { int a; short b; } each[]; };
struct with_wide { char a; __int128 b; };
struct nested { char a; union { struct { char b; int c; } packed; long d : 40; }; struct { char e; } f aligned(8); };
union wide_union { char a; int b; } aligned(32);
union odd_union { char a[3]; short b; } packed;
struct calls { void (*one)(struct nested *, ...); int (*(*many)[2])(const char *const *, union odd_union); volatile int *const last; };
typedef struct { char a; struct { char b; } c aligned(16); } unnamed;

struct plain v1;
struct bits v2;
struct next_unit v3;
struct packed_bits v4;
struct holds_packed v5;
struct packed_and_aligned v6;
struct in_lines v7;
struct in_pages v8;
struct ends_late v9;
struct open_end v10 = { 0 };
struct with_wide v11;
struct nested v12;
union wide_union v13;
union odd_union v14;
struct calls v15;
unnamed v16;
struct packed_pair v17;
