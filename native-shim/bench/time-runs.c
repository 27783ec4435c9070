// SPDX-License-Identifier: Apache-2.0
// time-runs ROUNDS TOGETHER < PLAN: how long commands take, from before they are spawned until they have been waited
// for, and how much processor time; both in nanoseconds.
//
// The plan names subjects, and what each has to do. One round does all of one subject's steps, then all of the next
// one's: what else goes on in the machine hits all subjects alike.
//
//     subject NAME                 prints "NAME time <sum of the timed steps>" and "NAME processor <of all steps>",
//                                  for each round
//     engine PID                   a process that works for the subject's commands, and goes on when they have ended
//     timed FILE<TAB>ARGUMENT…     spawns TOGETHER of these at once and waits until all have ended; in an argument
//     untimed FILE<TAB>ARGUMENT…   {} stands for which of them it is, {round} for the round, both from 0
//     spread MS<TAB>FILE…          spawns TOGETHER of these, untimed, one after the other over so many milliseconds
//     reap                         waits, timed, until all processes that commands have left behind have ended
//
// Every command has to end with exit code 0. Processes that commands leave behind become children of this one
// (PR_SET_CHILD_SUBREAPER, prctl(2)); at the end of each subject's turn it waits for all that are left, untimed.
//
// Processor time is what the kernel has counted of all processes that were waited for in the turn, by this one or by
// others that were (RUSAGE_CHILDREN, getrusage(2)), and of the engine from the begin of the turn to that of the
// subject's next: it may still have something to do when the command has ended. It is of what was spawned, not of the
// spawning; nor of the kernel's own threads.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_SUBJECTS = 16, MOST_STEPS = 16, MOST_ARGUMENTS = 64, MOST_TOGETHER = 1000, MOST_BYTES = 4096 };

enum kind { TIMED, UNTIMED, SPREAD, REAP };

struct step {
    enum kind kind;
    uint64_t spread; // over so many nanoseconds
    char *arguments[MOST_ARGUMENTS + 1];
};

struct subject {
    char *name;
    bool has_engine;
    clockid_t engine;        // its processor time
    uint64_t engine_before;  // at the begin of the turn
    uint64_t children;       // processor time of the turn's processes
    size_t steps;
    struct step step[MOST_STEPS];
};

static struct subject subjects[MOST_SUBJECTS];
static size_t subject_count;
static posix_spawn_file_actions_t nothing_to_read_or_write;

static _Noreturn void fail(const char *what, const char *why) {
    fprintf(stderr, "time-runs: %s: %s\n", what, why);
    exit(1);
}

static uint64_t read_clock(clockid_t clock) {
    struct timespec time;
    if (clock_gettime(clock, &time) == -1) {
        fail("clock_gettime", strerror(errno));
    }
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static uint64_t now(void) {
    return read_clock(CLOCK_MONOTONIC);
}

static uint64_t nanoseconds(struct timeval time) {
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_usec * 1000;
}

// Of all that was waited for until now.
static uint64_t children_time(void) {
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime);
}

static int number(const char *text, int least, int most) {
    char *end;
    long value = strtol(text, &end, 10);
    if (*end || value < least || value > most) {
        fail(text, "not a number in range");
    }
    return (int)value;
}

static void add_subject(char *name) {
    if (subject_count == MOST_SUBJECTS) {
        fail(name, "too many subjects");
    }
    subjects[subject_count++].name = name;
}

static struct subject *last_subject(const char *line) {
    if (subject_count == 0) {
        fail(line, "no subject");
    }
    return &subjects[subject_count - 1];
}

static void add_engine(const char *pid) {
    struct subject *subject = last_subject(pid);
    int error = clock_getcpuclockid(number(pid, 1, INT_MAX), &subject->engine);
    if (error) {
        fail(pid, strerror(error));
    }
    subject->has_engine = true;
}

static void add_step(enum kind kind, char *command) {
    struct subject *subject = last_subject(command);
    if (subject->steps == MOST_STEPS) {
        fail(command, "too many steps");
    }
    struct step *step = &subject->step[subject->steps++];
    step->kind = kind;
    size_t count = 0;
    for (char *argument = strtok(command, "\t"); argument; argument = strtok(NULL, "\t")) {
        if (count == MOST_ARGUMENTS) {
            fail(argument, "too many arguments");
        }
        step->arguments[count++] = argument;
    }
    if (kind == SPREAD && count > 0) {
        step->spread = (uint64_t)number(step->arguments[0], 1, 60000) * 1000000;
        memmove(step->arguments, step->arguments + 1, count * sizeof *step->arguments);
        count--;
    }
    if (kind != REAP && count == 0) {
        fail(subject->name, "a step without a command");
    }
}

static char *after(char *line, const char *word) {
    size_t length = strlen(word);
    return strncmp(line, word, length) == 0 ? line + length : NULL;
}

static void read_plan(void) {
    char *line = NULL;
    size_t size = 0;
    // The strings of the plan are kept as they are: each line gets a buffer of its own.
    for (ssize_t length; (length = getline(&line, &size, stdin)) > 0; line = NULL, size = 0) {
        line[strcspn(line, "\n")] = 0;
        char *rest;
        if ((rest = after(line, "subject "))) {
            add_subject(rest);
        } else if ((rest = after(line, "engine "))) {
            add_engine(rest);
        } else if ((rest = after(line, "timed "))) {
            add_step(TIMED, rest);
        } else if ((rest = after(line, "untimed "))) {
            add_step(UNTIMED, rest);
        } else if ((rest = after(line, "spread "))) {
            add_step(SPREAD, rest);
        } else if ((rest = after(line, "reap"))) {
            add_step(REAP, rest);
        } else {
            fail(line, "not understood");
        }
    }
}

// text with number in place of what stands for it, in buffer; text itself where nothing does.
static char *fill_in(char *text, const char *placeholder, int number, char *buffer) {
    char *place = strstr(text, placeholder);
    if (!place) {
        return text;
    }
    int before = (int)(place - text);
    if (snprintf(buffer, MOST_BYTES, "%.*s%d%s", before, text, number, place + strlen(placeholder)) >= MOST_BYTES) {
        fail(text, "too long");
    }
    return buffer;
}

static pid_t spawn(char *const *arguments, int round, int number) {
    static char texts[MOST_ARGUMENTS][2][MOST_BYTES];
    char *numbered[MOST_ARGUMENTS + 1] = {0};
    for (size_t n = 0; arguments[n]; n++) {
        numbered[n] = fill_in(fill_in(arguments[n], "{round}", round, texts[n][0]), "{}", number, texts[n][1]);
    }
    extern char **environ;
    pid_t pid;
    int error = posix_spawn(&pid, numbered[0], &nothing_to_read_or_write, NULL, numbered, environ);
    if (error) {
        fail(numbered[0], strerror(error));
    }
    return pid;
}

static void sleep_until(uint64_t moment) {
    struct timespec time = {(time_t)(moment / 1000000000), (long)(moment % 1000000000)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) {
    }
}

static void run(const struct step *step, int round, int together) {
    static pid_t pids[MOST_TOGETHER];
    char *const *arguments = step->arguments;
    uint64_t start = now();
    for (int n = 0; n < together; n++) {
        sleep_until(start + step->spread * (uint64_t)n / (uint64_t)together);
        pids[n] = spawn(arguments, round, n);
    }
    sleep_until(start + step->spread);
    int failed = 0;
    for (int n = 0; n < together; n++) {
        int status;
        if (waitpid(pids[n], &status, 0) != pids[n]) {
            fail("waitpid", strerror(errno));
        }
        failed = failed ? failed : status;
    }
    if (failed) {
        for (char *const *argument = arguments; *argument; argument++) {
            fprintf(stderr, "%s ", *argument);
        }
        fprintf(stderr, "\n");
        char why[64];
        snprintf(why, sizeof why, WIFEXITED(failed) ? "exit code %d" : "ended by signal %d",
                 WIFEXITED(failed) ? WEXITSTATUS(failed) : WTERMSIG(failed));
        fail("the command above", why);
    }
}

static void reap(void) {
    while (wait(NULL) > 0 || errno == EINTR) {
    }
}

// Says how much processor time the subject's last turn took, when its next begins.
static void say_processor_time(struct subject *subject) {
    uint64_t engine = subject->has_engine ? read_clock(subject->engine) : 0;
    printf("%s processor %ju\n", subject->name, (uintmax_t)(subject->children + engine - subject->engine_before));
    subject->engine_before = engine;
}

static void take_turn(struct subject *subject, int round, int together) {
    if (round > 0) {
        say_processor_time(subject);
    } else if (subject->has_engine) {
        subject->engine_before = read_clock(subject->engine);
    }
    uint64_t sum = 0, children = children_time();
    for (size_t n = 0; n < subject->steps; n++) {
        const struct step *step = &subject->step[n];
        uint64_t start = now();
        if (step->kind == REAP) {
            reap();
        } else {
            run(step, round, together);
        }
        sum += step->kind == UNTIMED || step->kind == SPREAD ? 0 : now() - start;
    }
    reap();
    subject->children = children_time() - children;
    printf("%s time %ju\n", subject->name, (uintmax_t)sum);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: time-runs ROUNDS TOGETHER < PLAN\n");
        return 2;
    }
    int rounds = number(argv[1], 1, 1000000), together = number(argv[2], 1, MOST_TOGETHER);
    read_plan();
    setvbuf(stdout, NULL, _IOLBF, 0); // commands may print errors to where this goes, too: between lines, not within
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) == -1) {
        fail("PR_SET_CHILD_SUBREAPER", strerror(errno));
    }
    posix_spawn_file_actions_init(&nothing_to_read_or_write);
    posix_spawn_file_actions_addopen(&nothing_to_read_or_write, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&nothing_to_read_or_write, 1, "/dev/null", O_WRONLY, 0);
    for (int round = 0; round < rounds; round++) {
        for (size_t n = 0; n < subject_count; n++) {
            take_turn(&subjects[n], round, together);
        }
    }
    for (size_t n = 0; n < subject_count; n++) {
        say_processor_time(&subjects[n]);
    }
    return 0;
}
