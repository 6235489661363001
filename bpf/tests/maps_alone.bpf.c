/* The same maps without the one of programs: libbpf loads no program alone where a map holds another that is not loaded. */
#define WITHOUT_PROGRAMS
#include "maps.bpf.c"
