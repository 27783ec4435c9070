// SPDX-License-Identifier: Apache-2.0
// Programs sent to a session, and what it answers and does.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "assembler.h"

#define IGNORED 0x8000000000001000
#define LENGTH(array) (sizeof(array) / sizeof *(array))

// How the process of a session ends if not by EXIT.
enum { UNTOUCHED = 101, LOST = 102, NONSENSE = 103 };

static int engine; // our end of the session
static pid_t shim; // the process that holds the session

// A program that is sent ahead is there before the session begins.
static void begin_session(bool announces, const struct source *ahead) {
    int channel[2];
    CHECK(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel));
    engine = channel[0];
    if (ahead) send_program(engine, ahead);
    shim = fork();
    if (shim == 0) {
        close(channel[0]);
        uint64_t all = UINT64_MAX; // libc's sets leave signals out
        syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all);
        struct session session = {.channel = channel[1], .ignored = IGNORED};
        channel_announce(announces);
        switch (session_run(&session)) {
        case ENDING_EXIT: _exit(session.code);
        case ENDING_UNTOUCHED: _exit(UNTOUCHED);
        case ENDING_LOST: _exit(LOST);
        case ENDING_NONSENSE: CHECK(session.reason); _exit(NONSENSE);
        }
    }
    close(channel[1]);
}

static void start_session(void) {
    begin_session(false, NULL);
}

static int end_of_session(void) {
    int status;
    CHECK(waitpid(shim, &status, 0) == shim);
    CHECK(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void run(const struct source *source) {
    start_session();
    send_program(engine, source);
}

// A YIELDED frame, taken apart.
struct report {
    uint32_t tag;
    uint64_t mask, registers[REGISTERS];
    uint32_t lengths[2];
    uint8_t ranges[2][4096];
};

static const uint8_t *take(const uint8_t **at, const struct frame *frame, size_t length) {
    const uint8_t *taken = *at;
    CHECK(length <= (size_t)(frame->payload + frame->length - taken));
    *at += length;
    return taken;
}

static struct report expect_report(void) {
    struct frame frame = expect_frame(engine, FRAME_YIELDED);
    struct report report = {0};
    uint32_t zero;
    const uint8_t *at = frame.payload;
    memcpy(&report.tag, take(&at, &frame, 4), 4);
    memcpy(&zero, take(&at, &frame, 4), 4);
    EQUAL(0, zero);
    memcpy(&report.mask, take(&at, &frame, 8), 8);
    for (unsigned n = 0; n < REGISTERS; n++)
        if (report.mask >> n & 1) memcpy(&report.registers[n], take(&at, &frame, 8), 8);
    for (unsigned n = 0; n < 2; n++) {
        memcpy(&report.lengths[n], take(&at, &frame, 4), 4);
        CHECK(report.lengths[n] <= sizeof report.ranges[n]);
        memcpy(report.ranges[n], take(&at, &frame, report.lengths[n]), report.lengths[n]);
    }
    CHECK(at == frame.payload + frame.length);
    return report;
}

static void add_report(struct source *source) {
    ADD(source, OP_YIELD, .mode = YIELD_GO_ON, .operands = {0, 0, 0, 0, 0, ~UINT64_C(0)});
}

static void expect_failure(uint32_t instruction, uint32_t error) {
    struct frame frame = expect_frame(engine, FRAME_FAILED);
    uint32_t failure[2];
    EQUAL(sizeof failure, frame.length);
    memcpy(failure, frame.payload, sizeof failure);
    EQUAL(instruction, failure[0]);
    EQUAL(error, failure[1]);
}

static void finish(void) {
    expect_frame(engine, FRAME_FINISHED);
    close(engine);
    EQUAL(LOST, end_of_session());
}

static void go(uint32_t target) {
    uint32_t answer[] = {target, 0};
    send_frame(engine, FRAME_GO, answer, sizeof answer);
}

static void add_wait(struct source *source) {
    ADD(source, OP_YIELD, .mode = YIELD_WAIT);
}

// Executing.

static void exit_ends_the_process_with_the_low_byte(void) {
    struct source *s = new_source();
    ADD(s, OP_EXIT, .operands = {0x12345});
    run(s);
    EQUAL(0x45, end_of_session());
}

static void move_takes_constants_registers_and_addresses(void) {
    struct source *s = new_source();
    add_string(s, "some data");
    ADD(s, OP_MOVE, .dst = 1, .operands = {0xfedcba9876543210});
    ADD(s, OP_MOVE, .dst = 2, .kinds = REGISTER(0), .operands = {1});
    ADD(s, OP_MOVE, .dst = 3, .kinds = ADDRESS(0), .operands = {0});
    ADD(s, OP_MOVE, .dst = 4, .kinds = ADDRESS(0), .operands = {16});
    ADD(s, OP_MOVE, .operands = {5}); // to no register
    add_report(s);
    ADD(s, OP_END);
    run(s);
    struct report r = expect_report();
    EQUAL(0xfedcba9876543210, r.registers[1]);
    EQUAL(0xfedcba9876543210, r.registers[2]);
    CHECK(r.registers[3]);
    EQUAL(16, r.registers[4] - r.registers[3]);
    EQUAL(0, r.registers[5]);
    finish();
}

static void alu_computes(void) {
    static const struct {
        uint8_t mode;
        uint64_t a, b, result;
    } cases[] = {
        {ALU_ADD, 7, 8, 15},
        {ALU_ADD, UINT64_MAX, 2, 1},
        {ALU_SUBTRACT, 7, 8, UINT64_MAX},
        {ALU_AND, 0xff00ff, 0x0ff0f0, 0x0f00f0},
        {ALU_OR, 0xff00ff, 0x0ff0f0, 0xfff0ff},
        {ALU_SHIFT_LEFT, 3, 62, UINT64_C(3) << 62},
        {ALU_SHIFT_LEFT, 3, 63, UINT64_C(1) << 63},
        {ALU_SHIFT_LEFT, 3, 64, 0},
        {ALU_SHIFT_RIGHT, UINT64_MAX, 63, 1},
        {ALU_SHIFT_RIGHT, UINT64_MAX, UINT64_MAX, 0},
    };
    struct source *s = new_source();
    for (uint8_t n = 0; n < LENGTH(cases); n++)
        ADD(s, OP_ALU, .dst = n, .mode = cases[n].mode, .operands = {cases[n].a, cases[n].b});
    add_report(s);
    ADD(s, OP_END);
    run(s);
    struct report r = expect_report();
    for (size_t n = 0; n < LENGTH(cases); n++) EQUAL(cases[n].result, r.registers[n]);
    finish();
}

static void load_and_store_have_widths(void) {
    struct source *s = new_source();
    uint64_t pattern = 0x8877665544332211;
    add_data(s, &pattern, sizeof pattern);
    s->header.image = 24;
    for (uint8_t n = 0; n < 4; n++) ADD(s, OP_LOAD, .dst = n, .mode = (uint8_t)(1 << n), .operands = {0});
    ADD(s, OP_STORE, .mode = 8, .operands = {8, 0, UINT64_MAX});
    ADD(s, OP_MOVE, .dst = 10, .operands = {8});
    ADD(s, OP_STORE, .mode = 1, .kinds = REGISTER(0), .operands = {10, 1, 0x1234});       // at 9
    ADD(s, OP_STORE, .mode = 2, .operands = {12, UINT64_MAX - 1, 0x5678});                // at 12 - 2
    ADD(s, OP_STORE, .mode = 4, .kinds = REGISTER(1), .operands = {8, 10, 0x99aabbccdd}); // at 8 + 8
    ADD(s, OP_LOAD, .dst = 4, .mode = 8, .operands = {8});
    ADD(s, OP_LOAD, .dst = 5, .mode = 8, .operands = {16});
    ADD(s, OP_STORE, .mode = 8, .kinds = ADDRESS(2), .operands = {8, 0, 24});
    ADD(s, OP_LOAD, .dst = 6, .mode = 8, .operands = {8});
    ADD(s, OP_MOVE, .dst = 7, .kinds = ADDRESS(0), .operands = {24});
    add_report(s);
    ADD(s, OP_END);
    run(s);
    struct report r = expect_report();
    EQUAL(0x11, r.registers[0]);
    EQUAL(0x2211, r.registers[1]);
    EQUAL(0x44332211, r.registers[2]);
    EQUAL(pattern, r.registers[3]);
    EQUAL(0xffffffff567834ff, r.registers[4]);
    EQUAL(0xaabbccdd, r.registers[5]);
    EQUAL(r.registers[7], r.registers[6]);
    finish();
}

// Each instruction, on an image of 24 bytes, fails with EFAULT.
static void accesses_outside_the_image_fail(void) {
    static const struct instruction cases[] = {
        {.op = OP_LOAD, .mode = 8, .operands = {17}},
        {.op = OP_LOAD, .mode = 1, .operands = {24}},
        {.op = OP_LOAD, .mode = 1, .operands = {UINT64_MAX}},
        {.op = OP_LOAD, .mode = 1, .operands = {0, UINT64_MAX}},
        {.op = OP_STORE, .mode = 2, .operands = {16, 7}},
        {.op = OP_STORE, .mode = 8, .operands = {UINT64_MAX - 3}},
        {.op = OP_FORMAT, .operands = {20, 0, 1234}},
        {.op = OP_FORMAT, .operands = {24, 0, 0}},
        {.op = OP_FORMAT, .operands = {4, 0, UINT64_MAX}},
        {.op = OP_YIELD, .operands = {0, 25, 0}},
        {.op = OP_YIELD, .operands = {0, 0, 25}},
        {.op = OP_YIELD, .operands = {0, 1, UINT64_MAX}},
        {.op = OP_YIELD, .operands = {0, 0, 0, 20, 5}},
        {.op = OP_YIELD, .operands = {0, 0, 0, UINT64_MAX, 1}},
    };
    start_session();
    for (size_t n = 0; n < LENGTH(cases); n++) {
        struct source *s = new_source();
        s->header.image = 24;
        ADD(s, OP_MOVE);
        add_instruction(s, cases[n]);
        ADD(s, OP_EXIT);
        send_program(engine, s);
        expect_failure(1, EFAULT);
    }
    close(engine);
    EQUAL(LOST, end_of_session());
}

static void format_writes_decimals_without_leading_zeros(void) {
    struct source *s = new_source();
    memset(s->data, 'x', 48);
    s->header.data = s->header.image = 48;
    ADD(s, OP_FORMAT, .dst = 0, .operands = {0, 0, 0});
    ADD(s, OP_FORMAT, .dst = 1, .operands = {4, 2, 1090});
    ADD(s, OP_FORMAT, .dst = 2, .operands = {48 - 21, 0, UINT64_MAX}); // to the last byte of the image
    ADD(s, OP_YIELD, .operands = {0, 0, 48, 0, 0, 7});
    ADD(s, OP_END);
    run(s);
    struct report r = expect_report();
    EQUAL(1, r.registers[0]);
    EQUAL(4, r.registers[1]);
    EQUAL(20, r.registers[2]);
    CHECK(!memcmp(r.ranges[0], "0\0xxxx1090\0xxxxxxxxxxxxxxxx18446744073709551615", 48));
    finish();
}

static void branches_compare(void) {
    static const struct {
        uint8_t mode;
        uint64_t a, b;
        bool taken;
    } cases[] = {
        {BRANCH_ALWAYS, 1, 2, true},
        {BRANCH_EQUAL, 5, 5, true},
        {BRANCH_EQUAL, 5, 6, false},
        {BRANCH_NOT_EQUAL, 5, 6, true},
        {BRANCH_NOT_EQUAL, 5, 5, false},
        {BRANCH_LESS, UINT64_MAX, 0, true},
        {BRANCH_LESS, 0, 0, false},
        {BRANCH_LESS, 0, UINT64_MAX, false},
        {BRANCH_NOT_LESS, 0, 0, true},
        {BRANCH_NOT_LESS, 0, UINT64_MAX, true},
        {BRANCH_NOT_LESS, UINT64_MAX, 0, false},
        {BRANCH_ANY_BIT, 6, 12, true},
        {BRANCH_ANY_BIT, 3, 12, false},
        {BRANCH_NO_BIT, 3, 12, true},
        {BRANCH_NO_BIT, UINT64_C(1) << 40, UINT64_C(1) << 40, false},
    };
    struct source *s = new_source();
    for (uint8_t n = 0; n < LENGTH(cases); n++) {
        ADD(s, OP_MOVE, .dst = n, .operands = {1});
        uint32_t at = s->header.instructions;
        ADD(s, OP_BRANCH, .mode = cases[n].mode, .target = at + 2, .operands = {cases[n].a, cases[n].b});
        ADD(s, OP_MOVE, .dst = n, .operands = {0});
    }
    add_report(s);
    ADD(s, OP_END);
    run(s);
    struct report r = expect_report();
    for (size_t n = 0; n < LENGTH(cases); n++) EQUAL(cases[n].taken, r.registers[n]);
    finish();
}

static void onfail_catches_one_failure(void) {
    struct source *s = new_source();
    ADD(s, OP_ONFAIL, .target = 3);
    ADD(s, OP_FAIL, .operands = {ENOSPC});
    ADD(s, OP_EXIT, .operands = {1});
    add_report(s);
    ADD(s, OP_FAIL, .operands = {ENODEV}); // the label is used up
    run(s);
    struct report r = expect_report();
    EQUAL(1, r.registers[REGISTER_FAILED_INSTRUCTION]);
    EQUAL(ENOSPC, r.registers[REGISTER_FAILED_ERRNO]);
    expect_failure(4, ENODEV);
    close(engine);
    EQUAL(LOST, end_of_session());
}

static void onfail_can_be_cleared(void) {
    struct source *s = new_source();
    ADD(s, OP_ONFAIL, .target = 3);
    ADD(s, OP_ONFAIL, .target = NO_TARGET);
    ADD(s, OP_FAIL, .operands = {EIO});
    ADD(s, OP_EXIT, .operands = {1});
    run(s);
    expect_failure(2, EIO);
}

static void fail_refuses_what_is_no_errno(void) {
    static const uint64_t cases[] = {0, MAX_ERRNO + 1, UINT64_MAX};
    start_session();
    for (size_t n = 0; n < LENGTH(cases); n++) {
        struct source *s = new_source();
        ADD(s, OP_FAIL, .operands = {cases[n]});
        send_program(engine, s);
        expect_failure(0, EINVAL);
    }
}

static void system_calls_take_all_arguments_and_give_results(void) {
    struct source *s = new_source();
    int fd = memfd_create("test", 0);
    uint32_t text = add_string(s, "written");
    ADD(s, OP_SYSCALL, .nr = SYS_pwrite64, .dst = 0, .kinds = ADDRESS(1), .operands = {(uint64_t)fd, text, 7, 3});
    ADD(s, OP_SYSCALL, .nr = SYS_mmap, .dst = 1,
        .operands = {0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, UINT64_MAX, 0});
    ADD(s, OP_SYSCALL, .nr = SYS_munmap, .dst = 2, .kinds = REGISTER(0), .operands = {1, 4096});
    add_report(s);
    ADD(s, OP_END);
    run(s);
    struct report r = expect_report();
    EQUAL(7, r.registers[0]);
    CHECK(r.registers[1] && r.registers[1] % 4096 == 0);
    EQUAL(0, r.registers[2]);
    char written[11] = "";
    EQUAL(10, pread(fd, written, sizeof written, 0));
    CHECK(!memcmp(written, "\0\0\0written", 10));
    finish();
}

#define CLOSE_NOTHING .nr = SYS_close, .operands = {UINT64_MAX} // EBADF

static void listed_errors_do_not_fail(void) {
    struct source *s = new_source();
    ADD(s, OP_SYSCALL, CLOSE_NOTHING, .dst = 0, .policy = POLICY_IGNORE, .errnos = {EPERM, EBADF});
    ADD(s, OP_SYSCALL, CLOSE_NOTHING, .dst = 1, .policy = POLICY_IGNORE, .errnos = {ANY_ERRNO});
    ADD(s, OP_SYSCALL, CLOSE_NOTHING, .dst = 2, .policy = POLICY_BRANCH, .errnos = {0, 0, 0, EBADF}, .target = 4);
    ADD(s, OP_EXIT, .operands = {1});
    ADD(s, OP_SYSCALL, .nr = SYS_getppid, .dst = 3, .policy = POLICY_BRANCH, .errnos = {ANY_ERRNO}, .target = 3);
    add_report(s);
    ADD(s, OP_END);
    run(s);
    struct report r = expect_report();
    for (unsigned n = 0; n < 3; n++) EQUAL(-EBADF, r.registers[n]);
    EQUAL(getpid(), r.registers[3]);
    finish();
}

static void other_errors_fail(void) {
    static const struct instruction cases[] = {
        {.op = OP_SYSCALL, CLOSE_NOTHING, .dst = 5},
        {.op = OP_SYSCALL, CLOSE_NOTHING, .dst = 5, .errnos = {ANY_ERRNO}},
        {.op = OP_SYSCALL, CLOSE_NOTHING, .dst = 5, .policy = POLICY_IGNORE},
        {.op = OP_SYSCALL, CLOSE_NOTHING, .dst = 5, .policy = POLICY_IGNORE, .errnos = {EPERM, EINVAL, ENOENT, EIO}},
        {.op = OP_SYSCALL, CLOSE_NOTHING, .dst = 5, .policy = POLICY_BRANCH},
    };
    start_session();
    for (size_t n = 0; n < LENGTH(cases); n++) {
        struct source *s = new_source();
        ADD(s, OP_ONFAIL, .target = 3);
        add_instruction(s, cases[n]);
        ADD(s, OP_EXIT);
        add_report(s);
        ADD(s, OP_END);
        send_program(engine, s);
        struct report r = expect_report();
        EQUAL(0, r.registers[5]);
        EQUAL(1, r.registers[REGISTER_FAILED_INSTRUCTION]);
        EQUAL(EBADF, r.registers[REGISTER_FAILED_ERRNO]);
        expect_frame(engine, FRAME_FINISHED);
    }
}

// argv and envp of a command in relocated pointers.
static void relocated_tables_are_pointers(void) {
    struct source *s = new_source();
    uint32_t path = add_string(s, "/bin/sh"), option = add_string(s, "-c"), command = add_string(s, "exit $X$1"),
             one = add_string(s, "7"), variable = add_string(s, "X=3");
    uint64_t null = 0;
    uint32_t argv = add_pointer(s, path);
    add_pointer(s, option);
    add_pointer(s, command);
    add_pointer(s, path);
    add_pointer(s, one);
    add_data(s, &null, sizeof null);
    uint32_t envp = add_pointer(s, variable);
    add_data(s, &null, sizeof null);
    ADD(s, OP_SYSCALL, .nr = SYS_execve, .kinds = ADDRESS(0) | ADDRESS(1) | ADDRESS(2), .operands = {path, argv, envp});
    ADD(s, OP_EXIT, .operands = {1});
    run(s);
    EQUAL(37, end_of_session());
}

static void the_image_is_zero_behind_the_data(void) {
    struct source *s = new_source();
    add_string(s, "abc");
    s->header.image = 3000;
    ADD(s, OP_YIELD, .operands = {9, 0, 3000, 3000, 0, 1});
    ADD(s, OP_END);
    run(s);
    struct report r = expect_report();
    EQUAL(9, r.tag);
    EQUAL(3000, r.lengths[0]);
    EQUAL(0, r.lengths[1]);
    CHECK(!memcmp(r.ranges[0], "abc", 4));
    for (unsigned n = 4; n < 3000; n++) EQUAL(0, r.ranges[0][n]);
    finish();
}

static void each_program_starts_anew(void) {
    struct source *s = new_source();
    for (uint8_t n = 0; n < REGISTERS; n++) ADD(s, OP_MOVE, .dst = n, .operands = {1});
    ADD(s, OP_ONFAIL, .target = 0);
    ADD(s, OP_END);
    run(s);
    expect_frame(engine, FRAME_FINISHED);
    s = new_source();
    add_report(s);
    ADD(s, OP_FAIL, .operands = {EIO});
    send_program(engine, s);
    struct report r = expect_report();
    for (unsigned n = 0; n < REGISTERS; n++)
        if (n != REGISTER_CHANNEL && n != REGISTER_ENVIRONMENT && n != REGISTER_IGNORED) EQUAL(0, r.registers[n]);
    EQUAL(IGNORED, r.registers[REGISTER_IGNORED]);
    expect_failure(1, EIO);
}

static void a_program_knows_its_environment(void) {
    struct source *s = new_source();
    add_report(s);
    ADD(s, OP_EXIT);
    run(s);
    EQUAL((uintptr_t)environ, expect_report().registers[REGISTER_ENVIRONMENT]);
    EQUAL(0, end_of_session());
}

static void a_program_knows_its_channel(void) {
    struct source *s = new_source();
    ADD(s, OP_SYSCALL, .nr = SYS_close, .kinds = REGISTER(0), .operands = {REGISTER_CHANNEL});
    ADD(s, OP_ONFAIL, .target = 4);
    add_report(s);
    ADD(s, OP_EXIT, .operands = {1});
    ADD(s, OP_EXIT, .kinds = REGISTER(0), .operands = {REGISTER_FAILED_ERRNO});
    run(s);
    EQUAL(EPIPE, end_of_session());
}

static void endless_programs_fail(void) {
    struct source *s = new_source();
    ADD(s, OP_ALU, .dst = 1, .kinds = REGISTER(0), .operands = {1, 1});
    ADD(s, OP_BRANCH, .target = 0);
    run(s);
    expect_failure(0, EXFULL);
}

static void an_endless_program_is_rolled_back_but_not_endlessly(void) {
    struct source *s = new_source();
    ADD(s, OP_ONFAIL, .target = 2);
    ADD(s, OP_BRANCH, .target = 1);
    add_report(s);
    ADD(s, OP_ONFAIL, .target = 2);
    ADD(s, OP_BRANCH, .target = 4);
    run(s);
    EQUAL(EXFULL, expect_report().registers[REGISTER_FAILED_ERRNO]);
    expect_failure(4, EXFULL);
}

// The program is to be freed if nothing is wrong.
static const char *decode(const uint8_t *bytes, size_t length, struct program *program) {
    uint8_t *payload = memory_take(length, length);
    CHECK(payload);
    memcpy(payload, bytes, length);
    const char *wrong = program_decode(payload, length, program);
    if (wrong) memory_give(payload, length);
    return wrong;
}

static void instructions_cannot_be_written(void) {
    struct source *s = new_source();
    ADD(s, OP_EXIT);
    size_t length;
    uint8_t *bytes = assemble(s, &length);
    struct program program;
    CHECK(!decode(bytes, length, &program));
    int zero = open("/dev/zero", O_RDONLY);
    EQUAL(-1, read(zero, (void *)program.code, 1));
    EQUAL(EFAULT, errno);
}

// Children. Fork is clone here: the child goes on at its index.

static void add_fork(struct source *s, uint8_t pid, uint32_t child) {
    ADD(s, OP_SYSCALL, .nr = SYS_clone, .dst = pid, .operands = {SIGCHLD});
    ADD(s, OP_BRANCH, .mode = BRANCH_EQUAL, .kinds = REGISTER(0), .operands = {pid, 0}, .target = child);
}

// Forks, and supervises the child, which goes on behind this at index 5.
static struct source *supervising(void) {
    struct source *s = new_source();
    s->header.image = 256;
    add_fork(s, 1, 5);
    ADD(s, OP_SUPERVISE, .dst = 3, .kinds = REGISTER(0), .operands = {1});
    add_report(s);
    ADD(s, OP_END);
    return s;
}

static void children_have_copies(void) {
    struct source *s = new_source();
    s->header.image = 8;
    ADD(s, OP_MOVE, .dst = 2, .operands = {40});
    add_fork(s, 1, 7);
    ADD(s, OP_SUPERVISE, .dst = 3, .kinds = REGISTER(0), .operands = {1});
    ADD(s, OP_LOAD, .dst = 4, .mode = 8);
    add_report(s);
    ADD(s, OP_END);
    ADD(s, OP_STORE, .mode = 8, .operands = {0, 0, 1});
    ADD(s, OP_ALU, .dst = 2, .kinds = REGISTER(0), .operands = {2, 2});
    ADD(s, OP_EXIT, .kinds = REGISTER(0), .operands = {2});
    run(s);
    struct report r = expect_report();
    EQUAL(42 << 8, r.registers[3]);
    EQUAL(40, r.registers[2]);
    EQUAL(0, r.registers[4]);
    finish();
}

static void a_childs_failure_ends_it_with_255(void) {
    struct source *s = supervising();
    ADD(s, OP_FAIL, .operands = {EIO});
    run(s);
    EQUAL(255 << 8, expect_report().registers[3]);
    finish();
}

static void a_child_does_not_end_the_program(void) {
    struct source *s = supervising();
    ADD(s, OP_END);
    run(s);
    EQUAL(255 << 8, expect_report().registers[3]);
    finish();
}

static void clone3_makes_children_too(void) {
    struct source *s = supervising();
    uint64_t arguments[8] = {[4] = SIGCHLD}; // struct clone_args
    uint32_t at = add_data(s, arguments, sizeof arguments);
    s->code[0] = (struct instruction){
        .op = OP_SYSCALL, .nr = SYS_clone3, .dst = 1, .kinds = ADDRESS(0), .operands = {at, sizeof arguments}};
    ADD(s, OP_END);
    run(s);
    EQUAL(255 << 8, expect_report().registers[3]);
    finish();
}

static void a_child_in_a_pid_namespace_is_a_child(void) {
    if (geteuid()) {
        fprintf(stderr, "skipped: a pid namespace needs root\n");
        _exit(SKIPPED);
    }
    struct source *s = supervising();
    s->code[0].operands[0] |= CLONE_NEWPID;
    ADD(s, OP_END);
    run(s);
    EQUAL(255 << 8, expect_report().registers[3]);
    finish();
}

static void a_child_can_yield(void) {
    struct source *s = supervising();
    ADD(s, OP_YIELD, .mode = YIELD_WAIT, .operands = {5});
    ADD(s, OP_EXIT, .operands = {1});
    ADD(s, OP_EXIT, .operands = {2});
    run(s);
    EQUAL(5, expect_report().tag);
    go(7);
    EQUAL(2 << 8, expect_report().registers[3]);
    finish();
}

// READY.

static void it_is_said_before_a_program_is_waited_for(void) {
    struct source *s = new_source();
    ADD(s, OP_END);
    begin_session(true, NULL);
    EQUAL(0, expect_frame(engine, FRAME_READY).length);
    send_program(engine, s);
    finish();
}

static void it_is_said_before_an_answer_is_waited_for(void) {
    struct source *s = new_source();
    ADD(s, OP_HOLD);
    ADD(s, OP_END);
    begin_session(true, s);
    EQUAL(0, expect_frame(engine, FRAME_READY).length);
    go(NO_TARGET);
    finish();
}

// So the other side is woken once.
static void it_is_said_with_what_is_said_next(void) {
    struct source *s = new_source();
    ADD(s, OP_END);
    begin_session(true, s);
    uint32_t frames[] = {FRAME_READY, 0, FRAME_FINISHED, 0}, received[5] = {0};
    struct pollfd ready = {.fd = engine, .events = POLLIN};
    CHECK(poll(&ready, 1, -1) == 1);
    EQUAL(sizeof frames, recv(engine, received, sizeof received, MSG_DONTWAIT));
    CHECK(!memcmp(frames, received, sizeof frames));
    close(engine);
    EQUAL(LOST, end_of_session());
}

static void a_child_does_not_say_it(void) {
    struct source *s = supervising();
    ADD(s, OP_YIELD, .mode = YIELD_WAIT, .operands = {5});
    ADD(s, OP_EXIT, .operands = {1});
    ADD(s, OP_EXIT, .operands = {2});
    begin_session(true, s);
    EQUAL(5, expect_report().tag);
    go(7);
    EQUAL(0, expect_frame(engine, FRAME_READY).length);
    EQUAL(2 << 8, expect_report().registers[3]);
    finish();
}

static void supervise_sees_a_child_that_has_ended_before(void) {
    struct source *s = new_source();
    s->header.image = 128; // siginfo_t
    add_fork(s, 1, 6);
    ADD(s, OP_SYSCALL, .nr = SYS_waitid, .kinds = REGISTER(1) | ADDRESS(2),
        .operands = {P_PID, 1, 0, WEXITED | WNOWAIT, 0}); // does not reap it
    ADD(s, OP_SUPERVISE, .dst = 3, .kinds = REGISTER(0), .operands = {1});
    add_report(s);
    ADD(s, OP_END);
    ADD(s, OP_EXIT, .operands = {6});
    run(s);
    EQUAL(6 << 8, expect_report().registers[3]);
    finish();
}

static void supervise_reaps_other_children(void) {
    struct source *s = new_source();
    s->header.image = 128;
    add_fork(s, 1, 9); // ends at once
    ADD(s, OP_SYSCALL, .nr = SYS_waitid, .kinds = REGISTER(1) | ADDRESS(2),
        .operands = {P_PID, 1, 0, WEXITED | WNOWAIT, 0});
    add_fork(s, 2, 8); // ends when told
    ADD(s, OP_SUPERVISE, .dst = 3, .kinds = REGISTER(0), .operands = {2});
    ADD(s, OP_SUPERVISE, .kinds = REGISTER(0), .operands = {1});
    ADD(s, OP_END);
    ADD(s, OP_YIELD, .mode = YIELD_WAIT, .operands = {8});
    ADD(s, OP_EXIT, .operands = {6});
    run(s);
    EQUAL(8, expect_report().tag);
    go(NO_TARGET);
    expect_failure(6, ECHILD); // the first was reaped
    close(engine);
    EQUAL(LOST, end_of_session());
}

static void supervise_without_children_fails(void) {
    struct source *s = new_source();
    ADD(s, OP_SUPERVISE, .dst = 3, .operands = {1});
    ADD(s, OP_END);
    run(s);
    expect_failure(0, ECHILD);
}

// The child says that it is ready, waits for a signal and exits with its number.
static struct source *signalled_child(void) {
    struct source *s = supervising();
    uint64_t all = UINT64_MAX;
    uint32_t set = add_data(s, &all, sizeof all);
    ADD(s, OP_YIELD, .operands = {1});
    ADD(s, OP_SYSCALL, .nr = SYS_rt_sigtimedwait, .dst = 4, .kinds = ADDRESS(0), .operands = {set, 0, 0, 8});
    ADD(s, OP_EXIT, .kinds = REGISTER(0), .operands = {4});
    return s;
}

static void supervise_sends_every_signal_on(void) {
    for (int signal = 1; signal <= 64; signal++) {
        if (signal == SIGKILL || signal == SIGSTOP || signal == SIGCHLD) continue;
        run(signalled_child());
        EQUAL(1, expect_report().tag);
        kill(shim, signal);
        EQUAL(signal << 8, expect_report().registers[3]);
        finish();
    }
}

static void signals_end_a_child_that_has_unblocked_them(void) {
    struct source *s = supervising();
    uint64_t none = 0;
    uint32_t mask = add_data(s, &none, sizeof none);
    ADD(s, OP_SYSCALL, .nr = SYS_rt_sigprocmask, .kinds = ADDRESS(1), .operands = {SIG_SETMASK, mask, 0, 8});
    ADD(s, OP_YIELD, .operands = {1});
    ADD(s, OP_BRANCH, .target = 7);
    run(s);
    EQUAL(1, expect_report().tag);
    kill(shim, SIGTERM);
    EQUAL(SIGTERM, expect_report().registers[3]);
    finish();
}

static void supervise_keeps_its_own_sigpipe(void) {
    struct source *s = new_source();
    s->header.image = 8;
    ADD(s, OP_SYSCALL, .nr = SYS_pipe2, .kinds = ADDRESS(0), .operands = {0, 0});
    ADD(s, OP_LOAD, .dst = 10, .mode = 4, .operands = {0});
    ADD(s, OP_LOAD, .dst = 11, .mode = 4, .operands = {4});
    ADD(s, OP_SYSCALL, .nr = SYS_close, .kinds = REGISTER(0), .operands = {10});
    ADD(s, OP_SYSCALL, .nr = SYS_write, .kinds = REGISTER(0) | ADDRESS(1), .operands = {11, 0, 1},
        .policy = POLICY_IGNORE, .errnos = {EPIPE});
    ADD(s, OP_END);
    run(s);
    expect_frame(engine, FRAME_FINISHED);
    send_program(engine, signalled_child());
    EQUAL(1, expect_report().tag);
    kill(shim, SIGUSR1);
    EQUAL(SIGUSR1 << 8, expect_report().registers[3]);
    finish();
}

// Talking to the engine.

static void yield_reports_registers_and_two_ranges(void) {
    struct source *s = new_source();
    add_string(s, "first and second");
    ADD(s, OP_MOVE, .dst = 3, .operands = {33});
    ADD(s, OP_MOVE, .dst = 60, .operands = {66});
    ADD(s, OP_MOVE, .dst = 4, .operands = {6});
    ADD(s, OP_YIELD, .mode = YIELD_GO_ON, .kinds = REGISTER(4),
        .operands = {77, 0, 5, 10, 4, UINT64_C(1) << 60 | 1 << 3});
    ADD(s, OP_END);
    run(s);
    struct report r = expect_report();
    EQUAL(77, r.tag);
    EQUAL(UINT64_C(1) << 60 | 1 << 3, r.mask);
    EQUAL(33, r.registers[3]);
    EQUAL(66, r.registers[60]);
    EQUAL(5, r.lengths[0]);
    CHECK(!memcmp(r.ranges[0], "first", 5));
    EQUAL(6, r.lengths[1]);
    CHECK(!memcmp(r.ranges[1], "second", 6));
    finish();
}

static void go_patches_the_image_and_chooses_the_target(void) {
    struct source *s = new_source();
    s->header.image = 32;
    add_wait(s);
    ADD(s, OP_EXIT, .operands = {1});
    ADD(s, OP_YIELD, .mode = YIELD_WAIT, .operands = {2, 0, 32});
    ADD(s, OP_END);
    run(s);
    expect_report();
    static const struct {
        uint32_t target, count, offset0, length0;
        char bytes0[4];
        uint32_t offset1, length1, offset2, length2;
        char bytes2[4];
    } answer = {2, 3, 1, 4, {"abcd"}, 32, 0, 28, 4, {"wxyz"}};
    send_frame(engine, FRAME_GO, &answer, sizeof answer);
    struct report r = expect_report();
    EQUAL(2, r.tag);
    CHECK(!memcmp(r.ranges[0], "\0abcd\0", 6));
    CHECK(!memcmp(r.ranges[0] + 28, "wxyz", 4));
    go(NO_TARGET);
    finish();
}

static void hold_waits_without_a_report(void) {
    struct source *s = new_source();
    ADD(s, OP_HOLD);
    ADD(s, OP_EXIT, .operands = {7});
    ADD(s, OP_END);
    run(s);
    go(2); // the answer may come before the question
    finish();

    run(s);
    go(NO_TARGET);
    EQUAL(7, end_of_session());
}

static void a_program_that_holds_can_be_sent_behind_another(void) {
    struct source *first = new_source();
    ADD(first, OP_FAIL, .operands = {ENODEV});
    struct source *second = new_source();
    ADD(second, OP_HOLD);
    ADD(second, OP_EXIT, .operands = {9});
    run(first);
    send_program(engine, second);
    expect_failure(0, ENODEV);
    go(NO_TARGET);
    EQUAL(9, end_of_session());
}

static void a_lost_engine_is_a_failure_of_hold(void) {
    struct source *s = new_source();
    ADD(s, OP_ONFAIL, .target = 3);
    ADD(s, OP_HOLD);
    ADD(s, OP_EXIT, .operands = {1});
    ADD(s, OP_EXIT, .kinds = REGISTER(0), .operands = {REGISTER_FAILED_ERRNO});
    run(s);
    close(engine);
    EQUAL(EPIPE, end_of_session());
}

static void a_malformed_go_ends_the_shim(void) {
    static const struct {
        uint32_t type, length, words[6];
    } cases[] = {
        {FRAME_GO, 0, {0}},
        {FRAME_GO, 4, {1}},
        {FRAME_GO, 8, {2, 0}},                    // target
        {FRAME_GO, 8, {0, 1}},                    // no patch
        {FRAME_GO, 12, {0, 0, 0}},                // too long
        {FRAME_GO, 12, {0, 1, 0}},                // half a patch
        {FRAME_GO, 16, {0, 1, 0, 4}},             // no bytes
        {FRAME_GO, 20, {0, 1, 13, 4, 0}},         // behind the image
        {FRAME_GO, 20, {0, 1, 0xffffffff, 4, 0}}, // far behind
        {FRAME_GO, 20, {0, 1, 0, 0xffffffff, 0}}, // longer than the frame
        {FRAME_GO, 20, {0, 1, 0, 3, 0}},          // one byte left
        {FRAME_GO, 20, {0, 0xffffffff, 0, 4, 0}}, // count
        {FRAME_PROGRAM, 8, {0, 0}},
        {FRAME_REFUSED, 0, {0}},
    };
    for (size_t n = 0; n < LENGTH(cases); n++) {
        struct source *s = new_source();
        s->header.image = 16;
        add_wait(s);
        ADD(s, OP_EXIT);
        run(s);
        expect_report();
        send_frame(engine, cases[n].type, cases[n].words, cases[n].length);
        EQUAL(NONSENSE, end_of_session());
        close(engine);
    }
}

static void a_call_can_be_repeated_while_nothing_was_changed(void) {
    start_session();
    close(engine);
    EQUAL(UNTOUCHED, end_of_session());

    start_session();
    send_frame(engine, FRAME_REFUSED, NULL, 0);
    EQUAL(UNTOUCHED, end_of_session());

    start_session();
    send_bytes(engine, "\x10\0\0", 3); // part of a header
    close(engine);
    EQUAL(UNTOUCHED, end_of_session());

    start_session();
    send_bytes(engine, "\x10\0\0\0\x64\0\0\0some", 12); // part of a program
    close(engine);
    EQUAL(UNTOUCHED, end_of_session());

    struct source *retryable = new_source();
    retryable->header.flags = FLAG_RETRYABLE;
    ADD(retryable, OP_END);
    run(retryable);
    expect_frame(engine, FRAME_FINISHED);
    send_program(engine, retryable);
    expect_frame(engine, FRAME_FINISHED);
    send_frame(engine, FRAME_REFUSED, NULL, 0);
    EQUAL(UNTOUCHED, end_of_session());

    struct source *waiting = new_source();
    waiting->header.flags = FLAG_RETRYABLE;
    add_wait(waiting);
    ADD(waiting, OP_END);
    run(waiting);
    expect_report();
    close(engine);
    EQUAL(UNTOUCHED, end_of_session());
}

static void a_call_that_has_changed_something_is_not_repeated(void) {
    struct source *retryable = new_source(), *other = new_source();
    retryable->header.flags = FLAG_RETRYABLE;
    ADD(retryable, OP_END);
    ADD(other, OP_END);
    run(other);
    expect_frame(engine, FRAME_FINISHED);
    send_program(engine, retryable); // too late
    expect_frame(engine, FRAME_FINISHED);
    close(engine);
    EQUAL(LOST, end_of_session());

    run(retryable);
    expect_frame(engine, FRAME_FINISHED);
    send_program(engine, other);
    expect_frame(engine, FRAME_FINISHED);
    send_frame(engine, FRAME_REFUSED, NULL, 0);
    EQUAL(LOST, end_of_session());
}

static void a_lost_engine_is_a_failure_of_yield(void) {
    struct source *s = new_source();
    ADD(s, OP_ONFAIL, .target = 3);
    add_wait(s);
    ADD(s, OP_EXIT, .operands = {1});
    ADD(s, OP_EXIT, .kinds = REGISTER(0), .operands = {REGISTER_FAILED_ERRNO});
    run(s);
    expect_report();
    close(engine);
    EQUAL(EPIPE, end_of_session());

    run(s);
    expect_report();
    send_bytes(engine, "\x11\0\0\0\x08\0\0\0\0", 9); // part of a GO
    close(engine);
    EQUAL(EPIPE, end_of_session());
}

static void malformed_frames_end_the_shim(void) {
    static const uint32_t cases[][2] = {
        {FRAME_PROGRAM, 0}, {FRAME_GO, 8}, {FRAME_CALL, 0}, {0, 0}, {0xffffffff, 0}, {FRAME_REFUSED, 1},
    };
    for (size_t n = 0; n < LENGTH(cases); n++) {
        start_session();
        send_frame(engine, cases[n][0], "\0\0\0\0\0\0\0\0", cases[n][1]);
        EQUAL(NONSENSE, end_of_session());
        close(engine);
    }
    static const uint32_t lengths[] = {MAX_FRAME + 1, 0x80000000, 0xffffffff};
    for (size_t n = 0; n < LENGTH(lengths); n++) {
        start_session();
        uint32_t header[] = {FRAME_PROGRAM, lengths[n]};
        send_bytes(engine, header, sizeof header);
        EQUAL(NONSENSE, end_of_session());
        close(engine);
    }
}

static void reports_are_no_longer_than_a_frame(void) {
    struct source *s = new_source();
    s->header.image = MAX_IMAGE;
    ADD(s, OP_STORE, .mode = 8, .operands = {MAX_IMAGE - 8, 0, 5});
    ADD(s, OP_YIELD, .operands = {0, 0, MAX_IMAGE});
    ADD(s, OP_EXIT);
    run(s);
    expect_failure(1, EMSGSIZE);
    s->code[1].operands[2] = MAX_IMAGE / 2;
    send_program(engine, s);
    struct frame frame = expect_frame(engine, FRAME_YIELDED);
    EQUAL(MAX_IMAGE / 2 + 24, frame.length);
    EQUAL(0, end_of_session());
}

// Decoding.

static void judge(const uint8_t *bytes, size_t length, const char *why) {
    struct program program;
    const char *reason = decode(bytes, length, &program);
    if (why ? !reason || !strstr(reason, why) : !!reason) {
        fprintf(stderr, "expected '%s', got '%s'\n", why ? why : "accepted", reason ? reason : "accepted");
        _exit(1);
    }
    if (!reason) program_free(&program);
}

static void judge_source(const struct source *s, const char *why) {
    size_t length;
    uint8_t *bytes = assemble(s, &length);
    judge(bytes, length, why);
    free(bytes);
}

// One instruction and an EXIT, with an image of 16 bytes, 8 of them given.
static void judge_instruction(struct instruction instruction, const char *why) {
    struct source *s = new_source();
    add_instruction(s, instruction);
    ADD(s, OP_EXIT);
    s->header.data = 8;
    s->header.image = 16;
    judge_source(s, why);
    free(s);
}

static void malformed_headers_are_refused(void) {
    struct source *s = new_source();
    ADD(s, OP_MOVE);
    ADD(s, OP_EXIT);
    s->header.data = 8;
    s->header.image = 16;
    size_t length;
    uint8_t *bytes = assemble(s, &length);
    judge(bytes, length, NULL);
    static const struct {
        size_t offset;
        uint32_t value;
        const char *why;
    } cases[] = {
        {offsetof(struct header, magic), MAGIC + 1, "begin"},
        {offsetof(struct header, flags), 2, "newer"},
        {offsetof(struct header, flags), 0x80000001, "newer"},
        {offsetof(struct header, zero), 1, "newer"},
        {offsetof(struct header, zero) + 4, 0x80000000, "newer"},
        {offsetof(struct header, instructions), 0, "number of instructions"},
        {offsetof(struct header, instructions), MAX_INSTRUCTIONS + 1, "number of instructions"},
        {offsetof(struct header, instructions), 0xffffffff, "number of instructions"},
        {offsetof(struct header, instructions), 3, "length"},
        {offsetof(struct header, instructions), 1, "length"},
        {offsetof(struct header, relocations), MAX_RELOCATIONS + 1, "relocations"},
        {offsetof(struct header, relocations), 1, "length"},
        {offsetof(struct header, image), MAX_IMAGE + 1, "image"},
        {offsetof(struct header, image), 0xffffffff, "image"},
        {offsetof(struct header, image), 7, "image"},
        {offsetof(struct header, data), 17, "image"},
        {offsetof(struct header, data), 0xffffffff, "image"},
        {offsetof(struct header, data), 9, "length"},
    };
    for (size_t n = 0; n < LENGTH(cases); n++) {
        uint8_t *changed = malloc(length);
        memcpy(changed, bytes, length);
        memcpy(changed + cases[n].offset, &cases[n].value, sizeof cases[n].value);
        judge(changed, length, cases[n].why);
        free(changed);
    }
    for (size_t n = 0; n < length; n++) {
        uint8_t *shorter = malloc(n + !n); // so that reading behind it is found
        memcpy(shorter, bytes, n);
        judge(shorter, n, n < HEADER_SIZE ? "short" : "length");
        free(shorter);
    }
}

static void malformed_instructions_are_refused(void) {
    judge_instruction((struct instruction){.op = 0}, "op");
    judge_instruction((struct instruction){.op = OP_ADOPT + 1}, "op");
    judge_instruction((struct instruction){.op = 255}, "op");
    for (uint8_t op = OP_SYSCALL; op <= OP_ADOPT; op++) {
        uint8_t mode = op == OP_LOAD || op == OP_STORE ? 1 : 0;
        judge_instruction((struct instruction){.op = op, .mode = mode, .dst = 63}, NULL);
        judge_instruction((struct instruction){.op = op, .mode = mode, .dst = NO_REGISTER}, NULL);
        judge_instruction((struct instruction){.op = op, .mode = mode, .dst = 64}, "result's register");
        judge_instruction((struct instruction){.op = op, .mode = mode, .dst = 254}, "result's register");
        judge_instruction((struct instruction){.op = op, .mode = 255}, "mode");
        judge_instruction((struct instruction){.op = op, .mode = mode, .kinds = 1 << 12}, "kind has no operand");
        judge_instruction((struct instruction){.op = op, .mode = mode, .kinds = 1 << 15}, "kind has no operand");
        judge_instruction((struct instruction){.op = op, .mode = mode, .policy = 3}, "policy");
        judge_instruction((struct instruction){.op = op, .mode = mode, .policy = 1},
                          op == OP_SYSCALL ? NULL : "policy");
        for (unsigned n = 0; n < OPERANDS; n++) {
            struct instruction in = {.op = op, .mode = mode, .kinds = (uint16_t)(3 << 2 * n)};
            judge_instruction(in, "kind is unknown");
            in.kinds = (uint16_t)REGISTER(n);
            in.operands[n] = 63;
            judge_instruction(in, NULL);
            in.operands[n] = 64;
            judge_instruction(in, "operand's register");
            in.operands[n] = UINT64_MAX;
            judge_instruction(in, "operand's register");
            in.kinds = (uint16_t)ADDRESS(n);
            judge_instruction(in, "operand's address");
            in.operands[n] = 17;
            judge_instruction(in, "operand's address");
            in.operands[n] = 16;
            bool offset = op == OP_LOAD || op == OP_STORE || op == OP_FORMAT ? n < 2 : op == OP_YIELD && n && n < 5;
            judge_instruction(in, offset ? "offset is an address" : NULL);
        }
    }
    judge_instruction((struct instruction){.op = OP_ALU, .mode = 6}, "mode");
    judge_instruction((struct instruction){.op = OP_LOAD, .mode = 0}, "mode");
    judge_instruction((struct instruction){.op = OP_LOAD, .mode = 3}, "mode");
    judge_instruction((struct instruction){.op = OP_STORE, .mode = 16}, "mode");
    judge_instruction((struct instruction){.op = OP_BRANCH, .mode = 7}, "mode");
    judge_instruction((struct instruction){.op = OP_YIELD, .mode = 2}, "mode");
    judge_instruction((struct instruction){.op = OP_MOVE, .mode = 1}, "mode");
    judge_instruction((struct instruction){.op = OP_BRANCH, .target = 1}, NULL);
    judge_instruction((struct instruction){.op = OP_BRANCH, .target = 2}, "target");
    judge_instruction((struct instruction){.op = OP_BRANCH, .target = NO_TARGET}, "target");
    judge_instruction((struct instruction){.op = OP_ONFAIL, .target = NO_TARGET}, NULL);
    judge_instruction((struct instruction){.op = OP_ONFAIL, .target = 2}, "target");
    judge_instruction((struct instruction){.op = OP_SYSCALL, .policy = POLICY_BRANCH, .target = 2}, "target");
    judge_instruction((struct instruction){.op = OP_SYSCALL, .policy = POLICY_IGNORE, .target = 2}, NULL);
}

static void programs_that_fall_off_their_end_are_refused(void) {
    for (uint8_t op = OP_SYSCALL; op <= OP_ADOPT; op++) {
        struct source *s = new_source();
        ADD(s, op, .mode = op == OP_LOAD || op == OP_STORE ? 1 : 0);
        judge_source(s, op == OP_BRANCH || op == OP_EXIT || op == OP_END || op == OP_FAIL ? NULL : "end");
    }
    struct source *s = new_source();
    ADD(s, OP_BRANCH, .mode = BRANCH_EQUAL);
    judge_source(s, "end");
}

static void malformed_relocations_are_refused(void) {
    struct source *s = new_source();
    add_pointer(s, 0);
    add_pointer(s, 24);
    s->header.image = 24;
    ADD(s, OP_EXIT);
    judge_source(s, NULL);
    static const uint32_t offsets[] = {1, 4, 12, 16, 24, 0x7ffffff8, 0xfffffff8, 0xffffffff};
    for (size_t n = 0; n < LENGTH(offsets); n++) {
        s->relocations[1] = offsets[n];
        judge_source(s, "outside the data");
    }
    s->relocations[1] = 8;
    static const uint64_t targets[] = {25, UINT64_C(1) << 32, UINT64_MAX};
    for (size_t n = 0; n < LENGTH(targets); n++) {
        memcpy(s->data + 8, &targets[n], sizeof targets[n]);
        judge_source(s, "outside the image");
    }
    s->relocations[1] = 0; // twice: what is there is an address already
    judge_source(s, "outside the image");
    s = new_source();
    ADD(s, OP_EXIT);
    s->header.image = 8;
    s->header.relocations = 1; // of no data
    judge_source(s, "outside the data");
}

static void the_largest_program_is_accepted(void) {
    size_t length = HEADER_SIZE + (size_t)MAX_INSTRUCTIONS * INSTRUCTION_SIZE + MAX_RELOCATIONS * sizeof(uint32_t);
    size_t data = MAX_RELOCATIONS * sizeof(uint64_t);
    uint8_t *bytes = calloc(1, length + data);
    struct header header = {MAGIC, 0, MAX_INSTRUCTIONS, MAX_RELOCATIONS, (uint32_t)data, MAX_IMAGE, 0};
    memcpy(bytes, &header, sizeof header);
    for (size_t n = 0; n < MAX_INSTRUCTIONS; n++) bytes[HEADER_SIZE + n * INSTRUCTION_SIZE] = OP_EXIT;
    for (uint32_t n = 0; n < MAX_RELOCATIONS; n++) {
        uint32_t offset = n * 8;
        memcpy(bytes + length - (MAX_RELOCATIONS - n) * sizeof offset, &offset, sizeof offset);
    }
    judge(bytes, length + data, NULL);
}

int main(void) {
    static const struct test tests[] = {
        TEST(exit_ends_the_process_with_the_low_byte),
        TEST(move_takes_constants_registers_and_addresses),
        TEST(alu_computes),
        TEST(load_and_store_have_widths),
        TEST(accesses_outside_the_image_fail),
        TEST(format_writes_decimals_without_leading_zeros),
        TEST(branches_compare),
        TEST(onfail_catches_one_failure),
        TEST(onfail_can_be_cleared),
        TEST(fail_refuses_what_is_no_errno),
        TEST(system_calls_take_all_arguments_and_give_results),
        TEST(listed_errors_do_not_fail),
        TEST(other_errors_fail),
        TEST(relocated_tables_are_pointers),
        TEST(the_image_is_zero_behind_the_data),
        TEST(each_program_starts_anew),
        TEST(a_program_knows_its_environment),
        TEST(a_program_knows_its_channel),
        TEST(endless_programs_fail),
        TEST(an_endless_program_is_rolled_back_but_not_endlessly),
        TEST(instructions_cannot_be_written),
        TEST(children_have_copies),
        TEST(a_childs_failure_ends_it_with_255),
        TEST(a_child_does_not_end_the_program),
        TEST(clone3_makes_children_too),
        TEST(it_is_said_before_a_program_is_waited_for),
        TEST(it_is_said_before_an_answer_is_waited_for),
        TEST(it_is_said_with_what_is_said_next),
        TEST(a_child_does_not_say_it),
        TEST(a_child_in_a_pid_namespace_is_a_child),
        TEST(a_child_can_yield),
        TEST(supervise_sees_a_child_that_has_ended_before),
        TEST(supervise_reaps_other_children),
        TEST(supervise_without_children_fails),
        TEST(supervise_sends_every_signal_on),
        TEST(signals_end_a_child_that_has_unblocked_them),
        TEST(supervise_keeps_its_own_sigpipe),
        TEST(yield_reports_registers_and_two_ranges),
        TEST(go_patches_the_image_and_chooses_the_target),
        TEST(a_malformed_go_ends_the_shim),
        TEST(a_call_can_be_repeated_while_nothing_was_changed),
        TEST(a_call_that_has_changed_something_is_not_repeated),
        TEST(hold_waits_without_a_report),
        TEST(a_program_that_holds_can_be_sent_behind_another),
        TEST(a_lost_engine_is_a_failure_of_hold),
        TEST(a_lost_engine_is_a_failure_of_yield),
        TEST(malformed_frames_end_the_shim),
        TEST(reports_are_no_longer_than_a_frame),
        TEST(malformed_headers_are_refused),
        TEST(malformed_instructions_are_refused),
        TEST(programs_that_fall_off_their_end_are_refused),
        TEST(malformed_relocations_are_refused),
        TEST(the_largest_program_is_accepted),
    };
    return run_tests(tests, LENGTH(tests), NULL, NULL);
}
