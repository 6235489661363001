// Loads an object with libbpf and tells how long that takes: the first time in a process, and once it is warm.
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int quiet(enum libbpf_print_level level, const char *format, va_list arguments)
{
	return level == LIBBPF_WARN ? vfprintf(stderr, format, arguments) : 0;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

// Closing is not counted.
static double load(const char *file, int *programs)
{
	double start = now();
	struct bpf_object *object = bpf_object__open_file(file, NULL);
	struct bpf_program *program;

	if (!object || bpf_object__load(object))
		exit(1);
	start = now() - start;
	*programs = 0;
	bpf_object__for_each_program(program, object)
		*programs += bpf_program__fd(program) >= 0;
	bpf_object__close(object);
	return start;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	int programs, rounds = argc > 2 ? atoi(argv[2]) : 20;
	double first, times[1000];

	if (argc < 2 || rounds < 1 || rounds > 1000)
		return 2;
	libbpf_set_print(quiet);
	first = load(argv[1], &programs);
	for (int i = 0; i < rounds; i++)
		times[i] = load(argv[1], &programs);
	qsort(times, rounds, sizeof(*times), compare);
	printf("{\"impl\":\"libbpf %s\",\"bench\":\"load\",\"programs\":%d,\"cold_us\":%.1f,"
	       "\"warm_us\":{\"median\":%.1f,\"min\":%.1f,\"max\":%.1f,\"n\":%d}}\n",
	       libbpf_version_string(), programs, first, times[rounds / 2], times[0], times[rounds - 1], rounds);
	return 0;
}
