// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int64_t system_call(uint16_t nr, const uint64_t arguments[OPERANDS]) {
    long result = syscall(nr, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
    return result == -1 ? -errno : result;
}

bool system_call_forks(uint16_t nr) {
#ifdef SYS_fork
    if (nr == SYS_fork) return true;
#endif
    return nr == SYS_clone || nr == SYS_clone3;
}
