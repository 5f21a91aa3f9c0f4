/* What lwIP wants to know of a compiler: clang for wasm32, little endian, with wasi-libc's headers. */
#ifndef TENON_LWIP_CC_H
#define TENON_LWIP_CC_H

#include <stdlib.h>

/* A broken invariant of lwIP ends the instance: JavaScript sees a trap with this on the stack. */
#define LWIP_PLATFORM_ASSERT(sentence) abort()
#define LWIP_PLATFORM_DIAG(arguments) \
  do {                                \
  } while (0)

/* There is one thread and no interrupt. */
#define SYS_ARCH_DECL_PROTECT(level)
#define SYS_ARCH_PROTECT(level)
#define SYS_ARCH_UNPROTECT(level)

/* For ports and sequence numbers; a measurement wants the same ones each time. */
#define LWIP_RAND() ((u32_t)rand())

#endif
