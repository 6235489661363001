// The program of FourRulesPlugin.cs in C, for `bench/plugins/run`: clang --target=wasm32 -O2.
typedef unsigned char byte;
typedef unsigned int uint;
typedef struct { const byte *at; int size; } span;

#define IMPORT(name) __attribute__((import_module("env"), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))

IMPORT("proxy_get_header_map_value") int get_header(int map, const byte *key, int key_size, byte **value, int *size);
IMPORT("proxy_add_header_map_value") int add_header(int map, const byte *key, int key_size, const byte *value, int size);

extern byte __heap_base;
static byte *next;

EXPORT("proxy_abi_version_0_2_1") void abi_version(void) {}

EXPORT("proxy_on_memory_allocate") byte *allocate(int size) {
  byte *place = next;
  next += (size + 7) & ~7;
  return next <= (byte *)(__builtin_wasm_memory_size(0) << 16) ? place : 0;
}

static int try_get(const char *name, int size, span *value) {
  byte *at = 0;
  value->size = 0;
  int status = get_header(0, (const byte *)name, size, &at, &value->size);
  value->at = at;
  return status == 0;
}

static int same(const byte *a, const byte *b, int size) {
  for (int i = 0; i < size; i++)
    if (a[i] != b[i]) return 0;
  return 1;
}

static int equal(span a, const char *b, int size) { return a.size == size && same(a.at, (const byte *)b, size); }

static int starts(span a, const char *b, int size) { return a.size >= size && same(a.at, (const byte *)b, size); }

static int has_cookie(span cookies, const char *name, int name_size, const char *value, int value_size) {
  while (cookies.size > 0) {
    int end = 0;
    while (end < cookies.size && cookies.at[end] != ';') end++;
    span cookie = {cookies.at, end};
    if (end == cookies.size) {
      cookies.size = 0;
    } else {
      cookies.at += end + 1;
      cookies.size -= end + 1;
    }
    while (cookie.size > 0 && cookie.at[0] == ' ') {
      cookie.at++;
      cookie.size--;
    }
    if (cookie.size > name_size && cookie.at[name_size] == '=' && starts(cookie, name, name_size)) {
      span found = {cookie.at + name_size + 1, cookie.size - name_size - 1};
      return equal(found, value, value_size);
    }
  }
  return 0;
}

static uint hash(span text) {
  uint hash = 2166136261u;
  for (int i = 0; i < text.size; i++) hash = (hash ^ text.at[i]) * 16777619u;
  return hash;
}

static void tag(const char *value, int size) { add_header(0, (const byte *)"x-envoy-flow-tag", 16, (const byte *)value, size); }

EXPORT("proxy_on_request_headers") int on_request_headers(int context, int count, int end_of_stream) {
  next = &__heap_base;
  span value;
  if (try_get("x-user-tier", 11, &value) && equal(value, "gold", 4))
    tag("canary-v2", 9);
  else if (try_get("x-client", 8, &value) && starts(value, "mobile/", 7))
    tag("mobile-gray", 11);
  else if (try_get("cookie", 6, &value) && has_cookie(value, "gray", 4, "1", 1))
    tag("cookie-gray", 11);
  else if (try_get("x-user-id", 9, &value) && hash(value) % 100 < 30)
    tag("percent-gray", 12);
  return 0;
}
