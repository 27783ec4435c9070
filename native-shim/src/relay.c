// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// What a terminal takes or gives at once; with less room than this in a pipe, poll(2) does not call it writable.
#define PART 4096
// More than a terminal holds.
#define MOST_LEFT (1 << 18)
// Between two looks at a terminal that nobody has open: a getty opens it again.
#define PAUSE 100000000

struct flow {
    char bytes[PART];
    size_t begin, end;
};

struct relay {
    pid_t pid;
    struct ends ends; // −1: closed
    int signals;
    struct raw_terminal terminal; // that is the input, if it is one
    struct flow typed, shown;
    bool in_line;   // the last line that was typed is not complete
    bool deserted;  // nobody has the terminal's other side open
    bool ended;     // pid has
    bool exhausted; // nothing is left of what it showed
    size_t left;    // how much more may be shown then
};

static bool is_empty(const struct flow *flow) {
    return flow->begin == flow->end;
}

// Returns what read(2) does, or the negative errno.
static ssize_t fill(struct flow *flow, int fd) {
    ssize_t count = read(fd, flow->bytes, PART);
    flow->begin = 0;
    flow->end = count > 0 ? (size_t)count : 0;
    return count < 0 ? -errno : count;
}

// Returns 0 or the errno.
static int empty(struct flow *flow, int fd) {
    ssize_t count = write(fd, flow->bytes + flow->begin, flow->end - flow->begin);
    if (count > 0) flow->begin += (size_t)count;
    return count < 0 ? errno : 0;
}

static bool is_passing(int error) {
    return error == EAGAIN || error == EINTR;
}

// Whoever has the container's terminal open gets SIGHUP, and end of file or EIO.
static void hang_up(struct relay *relay) {
    if (relay->ends.master >= 0) close(relay->ends.master);
    relay->ends.master = relay->ends.input = relay->ends.output = -1;
}

static void end_input(struct relay *relay) {
    relay->ends.input = -1;
    relay->typed.begin = 0;
    relay->typed.end = terminal_end_of_file(relay->ends.master, relay->in_line, relay->typed.bytes);
}

static void read_input(struct relay *relay, short events) {
    ssize_t count = fill(&relay->typed, relay->ends.input);
    if (count > 0)
        relay->in_line = relay->typed.bytes[count - 1] != '\n';
    else if (relay->terminal.fd >= 0 && events & POLLHUP)
        hang_up(relay);
    else if (!is_passing((int)-count))
        end_input(relay);
}

static void read_master(struct relay *relay) {
    ssize_t count = fill(&relay->shown, relay->ends.master);
    relay->deserted = !count || count == -EIO;
    if (!relay->ended) return;
    size_t shown = count > 0 ? (size_t)count : 0;
    relay->exhausted = (count <= 0 && count != -EINTR) || shown >= relay->left;
    relay->left -= relay->exhausted ? 0 : shown;
}

static void write_master(struct relay *relay) {
    if (empty(&relay->typed, relay->ends.master) == EIO) relay->deserted = true;
}

static void write_output(struct relay *relay) {
    int error = empty(&relay->shown, relay->ends.output);
    if (error && !is_passing(error)) hang_up(relay);
}

static void resume(struct relay *relay) {
    terminal_enter(&relay->terminal);
    terminal_copy_size(relay->ends.terminal, relay->ends.master);
}

// As a shell expects it of a job: the terminal is as it was while it is stopped.
static void stop(struct relay *relay) {
    terminal_leave(&relay->terminal);
    signals_stop_us();
    resume(relay);
}

static bool is_ending(unsigned signal) {
    return signal == SIGHUP || signal == SIGINT || signal == SIGQUIT || signal == SIGTERM;
}

// Returns an errno.
static int take_signal(struct relay *relay, int *status) {
    struct signalfd_siginfo info;
    if (read(relay->signals, &info, sizeof info) != sizeof info) return 0;
    bool job = relay->terminal.fd >= 0;
    if (info.ssi_signo == SIGCHLD) return relay->ended ? 0 : supervise_reap(relay->pid, status, &relay->ended);
    if (info.ssi_signo == SIGWINCH && relay->ends.terminal >= 0)
        terminal_copy_size(relay->ends.terminal, relay->ends.master);
    else if (info.ssi_signo == SIGCONT && job)
        resume(relay);
    else if (info.ssi_signo == SIGTSTP && job)
        stop(relay);
    else if (!relay->ended)
        supervise_send_on(relay->pid, (int)info.ssi_signo, info.ssi_code, (pid_t)info.ssi_pid);
    else if (is_ending(info.ssi_signo))
        hang_up(relay); // nobody takes what is left
    return 0;
}

static bool is_done(const struct relay *relay) {
    return relay->ended && (relay->ends.master < 0 || (relay->exhausted && is_empty(&relay->shown)));
}

// Waits until something can be done, and does it. Returns an errno.
static int step(struct relay *relay, int *status) {
    enum { MASTER, INPUT, OUTPUT, SIGNALS, COUNT };
    static const struct timespec pause = {.tv_nsec = PAUSE};
    bool writes = !is_empty(&relay->typed);
    short both = (short)((is_empty(&relay->shown) ? POLLIN : 0) | (writes ? POLLOUT : 0));
    bool waits = relay->deserted || relay->ended || !both;
    struct pollfd polled[COUNT] = {
        [MASTER] = {.fd = waits ? -1 : relay->ends.master, .events = both},
        [INPUT] = {.fd = writes || relay->ended ? -1 : relay->ends.input, .events = POLLIN},
        [OUTPUT] = {.fd = relay->ends.output, .events = is_empty(&relay->shown) ? 0 : POLLOUT},
        [SIGNALS] = {.fd = relay->signals, .events = POLLIN},
    };
    if (ppoll(polled, COUNT, relay->deserted ? &pause : NULL, NULL) < 0) return errno == EINTR ? 0 : errno;

    short event = polled[MASTER].revents;
    relay->deserted = event && !(event & (POLLIN | POLLOUT));
    if (event & POLLOUT) write_master(relay);
    if (event & POLLIN) read_master(relay);
    if (polled[INPUT].revents) read_input(relay, polled[INPUT].revents);
    if (polled[OUTPUT].revents & POLLOUT) write_output(relay);
    else if (polled[OUTPUT].revents) hang_up(relay);
    return polled[SIGNALS].revents ? take_signal(relay, status) : 0;
}

int relay_supervise(pid_t pid, const struct ends *ends, int *status) {
    signals_hold();
    struct relay relay = {.pid = pid, .ends = *ends, .left = MOST_LEFT, .terminal = terminal_at(ends->input)};
    relay.signals = signals_open();
    if (relay.signals < 0) return errno;
    if (relay.terminal.fd >= 0) signals_let_job_stop();
    resume(&relay);
    int error = supervise_reap(pid, status, &relay.ended); // behind the opening: who ends later leaves a SIGCHLD
    while (!error && !is_done(&relay)) {
        if (relay.ended && is_empty(&relay.shown))
            read_master(&relay);
        else
            error = step(&relay, status);
    }
    terminal_leave(&relay.terminal);
    signals_hold();
    hang_up(&relay);
    close(relay.signals);
    return error;
}
