// SPDX-License-Identifier: Apache-2.0
// measure JRUN FAKE-ENGINE TRUE: what the shim costs. TRUE is the least that a static program can be.
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "assembler.h"

#define CALLS 2000
#define ROUNDS 10000000

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int call(const char *file, char *const argv[]) {
    pid_t pid;
    int status;
    CHECK(!posix_spawn(&pid, file, NULL, NULL, argv, (char *[]){"JRUN_ENGINE_IDLE=60", NULL}));
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void report(const char *what, double *times) {
    qsort(times, CALLS, sizeof *times, compare);
    printf("%-52s %7.1f us (median of %d)\n", what, times[CALLS / 2] * 1e6, CALLS);
}

static void measure_calls(const char *jrun, const char *least) {
    static double with[CALLS], without[CALLS];
    CHECK(call(jrun, (char *[]){"jrun", "listen", NULL}) == 0);
    for (int n = 0; n < CALLS; n++) {
        double start = now();
        CHECK(call(jrun, (char *[]){"jrun", "exit", "7", NULL}) == 107);
        double between = now();
        CHECK(call(least, (char *[]){"true", NULL}) == 0);
        with[n] = between - start;
        without[n] = now() - between;
    }
    CHECK(call(jrun, (char *[]){"jrun", "stop", NULL}) == 0);
    report("call of a warm engine in C that answers EXIT", with);
    report("static program that does nothing", without);
}

static int start_session(const char *jrun, pid_t *pid) {
    int channel[2];
    CHECK(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel));
    *pid = fork();
    if (*pid == 0) {
        char number[16];
        snprintf(number, sizeof number, "%d", dup(channel[1]));
        execl(jrun, "jrun-session", number, "0", "0", "", NULL);
        _exit(127);
    }
    close(channel[1]);
    expect_frame(channel[0], FRAME_READY);
    return channel[0];
}

static void measure_instructions(const char *jrun) {
    pid_t pid;
    int channel = start_session(jrun, &pid);
    struct source *s = new_source();
    s->header.image = 8;
    ADD(s, OP_ALU, .dst = 1, .kinds = REGISTER(0), .operands = {1, 1});
    ADD(s, OP_STORE, .mode = 8, .kinds = REGISTER(2), .operands = {0, 0, 1});
    ADD(s, OP_LOAD, .dst = 2, .mode = 8);
    ADD(s, OP_BRANCH, .mode = BRANCH_LESS, .kinds = REGISTER(0), .operands = {2, ROUNDS}, .target = 0);
    ADD(s, OP_END);
    double start = now();
    send_program(channel, s);
    expect_frame(channel, FRAME_FINISHED);
    printf("%-52s %7.1f ns\n", "instruction", (now() - start) / ROUNDS / 4 * 1e9);

    s = new_source();
    ADD(s, OP_SYSCALL, .nr = SYS_getppid);
    ADD(s, OP_ALU, .dst = 1, .kinds = REGISTER(0), .operands = {1, 1});
    ADD(s, OP_BRANCH, .mode = BRANCH_LESS, .kinds = REGISTER(0), .operands = {1, ROUNDS / 10}, .target = 0);
    ADD(s, OP_END);
    start = now();
    send_program(channel, s);
    expect_frame(channel, FRAME_FINISHED);
    printf("%-52s %7.1f ns\n", "getppid() in a loop of three instructions", (now() - start) / ROUNDS * 10 * 1e9);

    start = now();
    for (int n = 0; n < 10000; n++) {
        s->header.instructions = 0;
        ADD(s, OP_END);
        send_program(channel, s);
        expect_frame(channel, FRAME_FINISHED);
    }
    printf("%-52s %7.1f us\n", "program of one END, sent and FINISHED received", (now() - start) / 10000 * 1e6);
    close(channel);
    waitpid(pid, NULL, 0);
}

// A child of the shim that waits in accept(), with a program of 20 kB that was all needed.
static void measure_memory(const char *jrun) {
    pid_t pid;
    int channel = start_session(jrun, &pid);
    static struct {
        struct header header;
        struct instruction code[248];
        uint8_t data[4096];
    } program = {.header = {MAGIC, 0, 248, 0, 4096, 8192, 0}};
    struct sockaddr {
        unsigned short family;
        char path[30];
    } address = {AF_UNIX, ""};
    snprintf(address.path + 1, sizeof address.path - 1, "jrun-measure-%d", getpid());
    memcpy(program.data, &address, sizeof address);
    for (unsigned n = 0; n < 248; n++)
        program.code[n] = (struct instruction){.op = OP_STORE, .mode = 8, .operands = {n * 32, 64}};
    unsigned at = 239;
    program.code[at++] =
        (struct instruction){.op = OP_SYSCALL, .nr = SYS_socket, .dst = 1, .operands = {AF_UNIX, SOCK_STREAM}};
    program.code[at++] = (struct instruction){.op = OP_SYSCALL,
                                              .nr = SYS_bind,
                                              .dst = 2,
                                              .kinds = REGISTER(0) | ADDRESS(1),
                                              .operands = {1, 0, sizeof address}};
    program.code[at++] =
        (struct instruction){.op = OP_SYSCALL, .nr = SYS_listen, .dst = 2, .kinds = REGISTER(0), .operands = {1, 1}};
    program.code[at++] = (struct instruction){.op = OP_SYSCALL, .nr = SYS_clone, .dst = 3, .operands = {SIGCHLD}};
    program.code[at++] = (struct instruction){
        .op = OP_BRANCH, .mode = BRANCH_EQUAL, .kinds = REGISTER(0), .operands = {3, 0}, .target = 246};
    program.code[at++] = (struct instruction){.op = OP_YIELD, .mode = YIELD_WAIT, .operands = {0, 0, 0, 0, 0, 8}};
    program.code[at++] = (struct instruction){.op = OP_EXIT};
    program.code[at++] =
        (struct instruction){.op = OP_SYSCALL, .nr = SYS_accept, .dst = 4, .kinds = REGISTER(0), .operands = {1}};
    program.code[at++] = (struct instruction){.op = OP_EXIT};
    program.code[0] = (struct instruction){.op = OP_MOVE, .dst = 0};
    send_frame(channel, FRAME_PROGRAM, &program, sizeof program);
    struct frame frame = expect_frame(channel, FRAME_YIELDED);
    uint64_t child;
    memcpy(&child, frame.payload + 16, sizeof child);
    char path[64], line[256];
    // Until it sleeps in accept(): it has then touched all that it will.
    snprintf(path, sizeof path, "/proc/%d/syscall", (int)child);
    for (bool waits = false; !waits; sched_yield()) {
        FILE *file = fopen(path, "r");
        CHECK(file && fgets(line, sizeof line, file));
        waits = atoi(line) == SYS_accept;
        fclose(file);
    }
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)child);
    FILE *file = fopen(path, "r");
    CHECK(file);
    while (fgets(line, sizeof line, file))
        if (!strncmp(line, "Rss:", 4) || !strncmp(line, "Pss:", 4) || !strncmp(line, "Private_Dirty:", 14))
            printf("child that waits in accept(), program of 20 kB: %s", line);
    kill((pid_t)child, SIGKILL);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static void copy(const char *from, const char *to) {
    CHECK(call("/bin/cp", (char *[]){"cp", (char *)from, (char *)to, NULL}) == 0);
}

int main(int argc, char *argv[]) {
    CHECK(argc == 4);
    if (!geteuid()) // a /run of our own
        CHECK(!unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
              !mount("tmpfs", "/run", "tmpfs", 0, NULL));
    char home[] = "/dev/shm/jrun-measure-XXXXXX", jrun[64], path[64];
    CHECK(mkdtemp(home) && !chdir(home) && !mkdir("bin", 0755) && !mkdir("lib", 0755));
    CHECK(!mkdir("lib/runtime", 0755) && !mkdir("lib/runtime/bin", 0755));
    snprintf(jrun, sizeof jrun, "%s/bin/jrun", home);
    copy(argv[1], jrun);
    snprintf(path, sizeof path, "%s/lib/runtime/bin/java", home);
    copy(argv[2], path);
    int build = open("lib/build", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    CHECK(write(build, "1", 1) == 1);
    close(build);
    measure_calls(jrun, argv[3]);
    measure_instructions(jrun);
    measure_memory(jrun);
    return call("/bin/rm", (char *[]){"rm", "-rf", home, NULL});
}
