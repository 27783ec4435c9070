// SPDX-License-Identifier: Apache-2.0
// The relay between two pseudoterminals: that of a caller, which the tests type on and read, and that of a container.
#include "check.h"
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#define FAREWELL 42
#define MEGABYTE (1 << 20)

// A test is the shell of the caller's terminal, which has job control.
static struct {
    int caller, terminal; // both sides
    pid_t shim;
} test;

// What the shim has in place of the caller's terminal, or -1.
static struct {
    int input, output;
} instead;

static int handled(int signal, void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler};
    return sigaction(signal, &action, NULL);
}

static void lead(int terminal) {
    CHECK(setsid() >= 0 && !ioctl(terminal, TIOCSCTTY, 0));
}

static void have(int terminal) {
    for (int fd = 0; fd < 3; fd++) CHECK(dup2(terminal, fd) == fd);
}

static void unblock(void) {
    sigset_t none;
    sigemptyset(&none);
    CHECK(!sigprocmask(SIG_SETMASK, &none, NULL));
}

static void say(const char *text) {
    CHECK(write(1, text, strlen(text)) == (ssize_t)strlen(text));
}

// The shim of a container whose process this function is, and ends with the code that it returns.
static int be_shim(int (*container)(void)) {
    int master, slave, status;
    signals_hold();
    CHECK(!openpty(&master, &slave, NULL, NULL, NULL));
    pid_t pid = fork();
    if (!pid) {
        close(master);
        lead(slave);
        have(slave);
        unblock();
        for (int fd = 3; fd < 64; fd++) close(fd);
        _exit(container());
    }
    close(slave);
    CHECK(!fcntl(master, F_SETFL, O_NONBLOCK));
    struct ends ends = {master, 0, 1, isatty(0) ? 0 : -1};
    EQUAL(0, relay_supervise(pid, &ends, &status));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void become_shim(int (*container)(void)) {
    CHECK(!setpgid(0, 0) && !handled(SIGHUP, SIG_DFL) && !handled(SIGTTOU, SIG_DFL));
    have(test.terminal);
    if (instead.input >= 0) CHECK(dup2(instead.input, 0) == 0);
    if (instead.output >= 0) CHECK(dup2(instead.output, 1) == 1);
    for (int fd = 3; fd < 64; fd++) close(fd);
    _exit(be_shim(container));
}

static void begin_in_background(int input, int output, int (*container)(void)) {
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    instead.input = input;
    instead.output = output;
    if (!test.shim) {
        CHECK(!openpty(&test.caller, &test.terminal, NULL, NULL, &size));
        CHECK(!handled(SIGHUP, SIG_IGN) && !handled(SIGTTOU, SIG_IGN));
        lead(test.terminal);
    }
    test.shim = fork();
    if (!test.shim) become_shim(container);
}

static void continue_in_foreground(void) {
    setpgid(test.shim, test.shim); // whoever of the two is first
    CHECK(!tcsetpgrp(test.terminal, test.shim) && !kill(test.shim, SIGCONT));
}

static void begin_between(int input, int output, int (*container)(void)) {
    begin_in_background(input, output, container);
    continue_in_foreground();
}

static void begin(int (*container)(void)) {
    begin_between(-1, -1, container);
}

static int end(void) {
    int status;
    CHECK(waitpid(test.shim, &status, 0) == test.shim);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void type(const char *text) {
    CHECK(write(test.caller, text, strlen(text)) == (ssize_t)strlen(text));
}

// Reads until text has been shown.
static void expect_at(int fd, const char *text) {
    static char shown[1 << 16];
    size_t length = 0;
    while (length < sizeof shown - 1) {
        ssize_t count = read(fd, shown + length, sizeof shown - 1 - length);
        if (count <= 0) fprintf(stderr, "expected \"%s\", shown: \"%s\"\n", text, shown);
        CHECK(count > 0);
        length += (size_t)count;
        shown[length] = '\0';
        if (strstr(shown, text)) return;
    }
    CHECK(false);
}

static void expect(const char *text) {
    expect_at(test.caller, text);
}

static bool is_raw(void) {
    struct termios modes;
    CHECK(!tcgetattr(test.caller, &modes));
    return !(modes.c_lflag & ICANON);
}

static void on_interrupt(int signal) {
    (void)signal;
    say("interrupted\n");
}

// Says that it is ready, and then what it reads.
static int echo(void) {
    char line[256];
    handled(SIGINT, on_interrupt);
    handled(SIGUSR1, on_interrupt);
    say("ready\n");
    for (;;) {
        ssize_t count = read(0, line, sizeof line - 1);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return FAREWELL;
        line[count] = '\0';
        if (!strcmp(line, "bye\n")) return FAREWELL;
        say("got ");
        say(line);
    }
}

static void lines_are_typed_and_shown(void) {
    begin(echo);
    expect("ready\r\n");
    type("hello\r");
    expect("hello\r\ngot hello\r\n");
    type("bye\r");
    EQUAL(FAREWELL, end());
}

static void keys_go_through_as_they_are(void) {
    begin(echo);
    expect("ready");
    CHECK(is_raw());
    type("\003");
    expect("interrupted");
    type("bye\r");
    EQUAL(FAREWELL, end());
    CHECK(!is_raw());
}

static int kill_itself(void) {
    return kill(getpid(), SIGKILL);
}

static void a_signal_that_ended_it_is_told(void) {
    begin(kill_itself);
    EQUAL(128 + SIGKILL, end());
    CHECK(!is_raw());
}

static void signals_are_sent_on(void) {
    begin(echo);
    expect("ready");
    CHECK(!kill(test.shim, SIGUSR1));
    expect("interrupted");
    type("bye\r");
    EQUAL(FAREWELL, end());
}

static void say_size(int signal) {
    (void)signal;
    struct winsize size;
    char text[64];
    CHECK(!ioctl(0, TIOCGWINSZ, &size));
    snprintf(text, sizeof text, "size %u %u\n", size.ws_row, size.ws_col);
    say(text);
}

static int sized(void) {
    handled(SIGWINCH, say_size);
    return echo();
}

static void the_size_is_the_callers(void) {
    begin(sized);
    expect("ready");
    CHECK(!ioctl(test.caller, TIOCSWINSZ, &(struct winsize){.ws_row = 50, .ws_col = 132}));
    expect("size 50 132");
    type("bye\r");
    EQUAL(FAREWELL, end());
}

static void the_end_of_input_is_an_end_of_file(void) {
    static const char *const inputs[] = {"", "one\n", "one", "one\ntwo"};
    for (size_t n = 0; n < sizeof inputs / sizeof *inputs; n++) {
        int input[2];
        CHECK(!pipe(input));
        CHECK(write(input[1], inputs[n], strlen(inputs[n])) >= 0);
        begin_between(input[0], -1, echo);
        close(input[0]);
        close(input[1]);
        expect("ready");
        EQUAL(FAREWELL, end());
    }
}

static void a_terminal_that_is_no_input_stays_as_it_is(void) {
    int input[2];
    CHECK(!pipe(input));
    begin_between(input[0], -1, echo);
    close(input[0]);
    expect("ready");
    CHECK(!is_raw());
    close(input[1]);
    EQUAL(FAREWELL, end());
}

static int wait_for_hangup(void) {
    sigset_t hangup;
    int signal;
    sigemptyset(&hangup);
    sigaddset(&hangup, SIGHUP);
    CHECK(!sigprocmask(SIG_BLOCK, &hangup, NULL));
    say("ready\n");
    CHECK(!sigwait(&hangup, &signal));
    char byte;
    return read(0, &byte, 1) <= 0 && write(1, "x", 1) < 0 ? FAREWELL : 1;
}

static void an_output_that_nobody_reads_hangs_up(void) {
    int output[2];
    CHECK(!pipe(output));
    begin_between(-1, output[1], wait_for_hangup);
    close(output[1]);
    expect_at(output[0], "ready");
    close(output[0]);
    EQUAL(FAREWELL, end());
    CHECK(!is_raw());
}

static void the_callers_hangup_is_the_containers(void) {
    begin(wait_for_hangup);
    expect("ready");
    close(test.caller);
    EQUAL(FAREWELL, end());
}

static int say_much(void) {
    static char line[1 << 10];
    memset(line, 'x', sizeof line);
    line[sizeof line - 1] = '\n';
    for (int n = 0; n < 4 * MEGABYTE / (int)sizeof line; n++) CHECK(write(1, line, sizeof line) == sizeof line);
    return FAREWELL;
}

static void nothing_is_lost_with_a_slow_reader(void) {
    int output[2];
    CHECK(!pipe(output));
    begin_between(-1, output[1], say_much);
    close(output[1]);
    static char bytes[1 << 9];
    size_t sum = 0;
    for (ssize_t count; (count = read(output[0], bytes, sizeof bytes)) > 0; sum += (size_t)count)
        if (!(sum % MEGABYTE)) usleep(1000);
    EQUAL(4 * MEGABYTE + 4 * MEGABYTE / 1024, sum); // each line ends with a carriage return, too
    EQUAL(FAREWELL, end());
}

static int read_much(void) {
    struct termios modes;
    CHECK(!tcgetattr(0, &modes));
    cfmakeraw(&modes);
    CHECK(!tcsetattr(0, TCSANOW, &modes));
    say("ready");
    static char bytes[1 << 12];
    size_t sum = 0;
    while (sum < 2 * MEGABYTE) {
        ssize_t count = read(0, bytes, sizeof bytes);
        CHECK(count > 0);
        for (ssize_t n = 0; n < count; n++) CHECK(bytes[n] == (char)((sum + (size_t)n) % 251));
        sum += (size_t)count;
    }
    return FAREWELL;
}

static void nothing_is_lost_of_what_is_pasted(void) {
    begin(read_much);
    expect("ready");
    static char bytes[2 * MEGABYTE];
    for (size_t n = 0; n < sizeof bytes; n++) bytes[n] = (char)(n % 251);
    for (size_t sent = 0; sent < sizeof bytes;) {
        ssize_t count = write(test.caller, bytes + sent, sizeof bytes - sent);
        CHECK(count > 0);
        sent += (size_t)count;
    }
    EQUAL(FAREWELL, end());
}

static int leave_and_come_back(void) {
    char *name = ttyname(0);
    CHECK(name);
    say("gone\n");
    for (int fd = 0; fd < 3; fd++) close(fd);
    usleep(300000); // longer than a look takes to come
    CHECK(open(name, O_RDWR) == 0 && dup(0) == 1);
    say("back\n");
    return FAREWELL;
}

// agetty(8) does so, by vhangup(2).
static void a_terminal_that_nobody_has_open_may_be_opened_again(void) {
    begin(leave_and_come_back);
    expect("gone");
    expect("back");
    EQUAL(FAREWELL, end());
}

static void a_job_that_is_stopped_leaves_the_terminal_as_it_was(void) {
    int status;
    begin(echo);
    expect("ready");
    CHECK(!kill(test.shim, SIGTSTP));
    CHECK(waitpid(test.shim, &status, WUNTRACED) == test.shim && WIFSTOPPED(status));
    EQUAL(SIGTSTP, WSTOPSIG(status));
    CHECK(!is_raw());
    CHECK(!kill(test.shim, SIGCONT));
    while (!is_raw()) usleep(1000);
    type("hello\r");
    expect("got hello");
    type("bye\r");
    EQUAL(FAREWELL, end());
    CHECK(!is_raw());
}

static void a_job_in_the_background_waits_for_the_foreground(void) {
    int status;
    begin_in_background(-1, -1, echo);
    CHECK(waitpid(test.shim, &status, WUNTRACED) == test.shim && WIFSTOPPED(status));
    EQUAL(SIGTTOU, WSTOPSIG(status));
    CHECK(!is_raw());
    continue_in_foreground();
    expect("ready");
    while (!is_raw()) usleep(1000);
    type("bye\r");
    EQUAL(FAREWELL, end());
    CHECK(!is_raw());
}

static void what_nobody_takes_can_be_given_up(void) {
    int output[2];
    CHECK(!pipe(output));
    begin_between(-1, output[1], say_much);
    expect_at(output[0], "xxx");
    // The container's process is killed while the pipe is full: at how many bytes depends on how they were written.
    struct pollfd room = {.fd = output[1], .events = POLLOUT};
    while (poll(&room, 1, 0)) usleep(1000);
    close(output[1]);
    // The first is sent on, and one that comes when that has ended is for the shim.
    int status;
    while (!waitpid(test.shim, &status, WNOHANG)) {
        CHECK(!kill(test.shim, SIGTERM));
        usleep(1000);
    }
    CHECK(WIFEXITED(status));
    EQUAL(128 + SIGTERM, WEXITSTATUS(status));
    CHECK(!is_raw());
}

int main(void) {
    static const struct test tests[] = {
        TEST(lines_are_typed_and_shown),
        TEST(keys_go_through_as_they_are),
        TEST(a_signal_that_ended_it_is_told),
        TEST(signals_are_sent_on),
        TEST(the_size_is_the_callers),
        TEST(the_end_of_input_is_an_end_of_file),
        TEST(a_terminal_that_is_no_input_stays_as_it_is),
        TEST(an_output_that_nobody_reads_hangs_up),
        TEST(the_callers_hangup_is_the_containers),
        TEST(nothing_is_lost_with_a_slow_reader),
        TEST(nothing_is_lost_of_what_is_pasted),
        TEST(a_terminal_that_nobody_has_open_may_be_opened_again),
        TEST(a_job_that_is_stopped_leaves_the_terminal_as_it_was),
        TEST(a_job_in_the_background_waits_for_the_foreground),
        TEST(what_nobody_takes_can_be_given_up),
    };
    return run_tests(tests, sizeof tests / sizeof *tests, NULL, NULL);
}
