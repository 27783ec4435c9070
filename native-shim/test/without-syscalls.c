// SPDX-License-Identifier: Apache-2.0
// without-syscalls ENOSYS|EPERM nr[,nr…] -- command [argument…]
//
// Executes the command with a seccomp filter under which these system calls (numbers of this machine) fail with that
// error, as on a kernel that lacks them or in a container that forbids them.
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "no architecture"
#endif

#define MOST_CALLS 64

static int usage(void) {
    fputs("usage: without-syscalls ENOSYS|EPERM nr[,nr...] -- command [argument...]\n", stderr);
    return 125;
}

int main(int argc, char *argv[]) {
    if (argc < 5 || strcmp(argv[3], "--")) return usage();
    uint32_t error = !strcmp(argv[1], "ENOSYS") ? ENOSYS : !strcmp(argv[1], "EPERM") ? EPERM : 0;
    if (!error) return usage();

    struct sock_filter filter[4 + 2 * MOST_CALLS];
    unsigned short length = 0;
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (char *at = argv[2];; at++) {
        char *end;
        unsigned long number = strtoul(at, &end, 10);
        if (end == at || (*end && *end != ',') || length + 3u > sizeof filter / sizeof *filter) return usage();
        filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1);
        filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error);
        at = end;
        if (!*end) break;
    }
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);

    struct sock_fprog program = {length, filter};
    // With CAP_SYS_ADMIN the command keeps its right to gain privileges, as in a container.
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) &&
        (errno != EACCES || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
         syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program))) {
        perror("without-syscalls: seccomp");
        return 125;
    }
    execvp(argv[4], argv + 4);
    fprintf(stderr, "without-syscalls: %s: %s\n", argv[4], strerror(errno));
    return errno == ENOENT ? 127 : 126;
}
