// SPDX-License-Identifier: Apache-2.0
// time-runs ROUNDS TOGETHER < PLAN: how long commands take, in nanoseconds, from before they are spawned until they
// have been waited for.
//
// The plan names subjects, and what each has to do. One round does all of one subject's steps, then all of the next
// one's: what else goes on in the machine hits all subjects alike.
//
//     subject NAME                 prints "NAME <sum of the timed steps>" for each round
//     timed FILE<TAB>ARGUMENT…     spawns TOGETHER of these at once and waits until all have ended;
//     untimed FILE<TAB>ARGUMENT…   in an argument {} stands for which of them it is, from 0
//     reap                         waits, timed, until all processes that commands have left behind have ended
//
// Every command has to end with exit code 0. Processes that commands leave behind become children of this one
// (PR_SET_CHILD_SUBREAPER, prctl(2)); at the end of each subject's turn it waits for all that are left, untimed.
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_SUBJECTS = 16, MOST_STEPS = 16, MOST_ARGUMENTS = 64, MOST_TOGETHER = 1000, MOST_BYTES = 4096 };

enum kind { TIMED, UNTIMED, REAP };

struct step {
    enum kind kind;
    char *arguments[MOST_ARGUMENTS + 1];
};

struct subject {
    char *name;
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

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void add_subject(char *name) {
    if (subject_count == MOST_SUBJECTS) {
        fail(name, "too many subjects");
    }
    subjects[subject_count++].name = name;
}

static void add_step(enum kind kind, char *command) {
    if (subject_count == 0 || subjects[subject_count - 1].steps == MOST_STEPS) {
        fail(command, "no subject, or too many steps");
    }
    struct subject *subject = &subjects[subject_count - 1];
    struct step *step = &subject->step[subject->steps++];
    step->kind = kind;
    size_t count = 0;
    for (char *argument = strtok(command, "\t"); argument; argument = strtok(NULL, "\t")) {
        if (count == MOST_ARGUMENTS) {
            fail(argument, "too many arguments");
        }
        step->arguments[count++] = argument;
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
        } else if ((rest = after(line, "timed "))) {
            add_step(TIMED, rest);
        } else if ((rest = after(line, "untimed "))) {
            add_step(UNTIMED, rest);
        } else if ((rest = after(line, "reap"))) {
            add_step(REAP, rest);
        } else {
            fail(line, "not understood");
        }
    }
}

static pid_t spawn(char *const *arguments, int number) {
    static char texts[MOST_ARGUMENTS][MOST_BYTES];
    char *numbered[MOST_ARGUMENTS + 1] = {0};
    for (size_t n = 0; arguments[n]; n++) {
        char *place = strstr(arguments[n], "{}");
        if (!place) {
            numbered[n] = arguments[n];
            continue;
        }
        int before = (int)(place - arguments[n]);
        int length = snprintf(texts[n], MOST_BYTES, "%.*s%d%s", before, arguments[n], number, place + 2);
        if (length >= MOST_BYTES) {
            fail(arguments[n], "too long");
        }
        numbered[n] = texts[n];
    }
    extern char **environ;
    pid_t pid;
    int error = posix_spawn(&pid, numbered[0], &nothing_to_read_or_write, NULL, numbered, environ);
    if (error) {
        fail(numbered[0], strerror(error));
    }
    return pid;
}

static void run(char *const *arguments, int together) {
    static pid_t pids[MOST_TOGETHER];
    for (int n = 0; n < together; n++) {
        pids[n] = spawn(arguments, n);
    }
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

static uint64_t take_turn(const struct subject *subject, int together) {
    uint64_t sum = 0;
    for (size_t n = 0; n < subject->steps; n++) {
        const struct step *step = &subject->step[n];
        uint64_t start = now();
        if (step->kind == REAP) {
            reap();
        } else {
            run(step->arguments, together);
        }
        sum += step->kind == UNTIMED ? 0 : now() - start;
    }
    reap();
    return sum;
}

static int number(const char *text, int most) {
    char *end;
    long value = strtol(text, &end, 10);
    if (*end || value < 1 || value > most) {
        fail(text, "not a number in range");
    }
    return (int)value;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: time-runs ROUNDS TOGETHER < PLAN\n");
        return 2;
    }
    int rounds = number(argv[1], 1000000), together = number(argv[2], MOST_TOGETHER);
    read_plan();
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) == -1) {
        fail("PR_SET_CHILD_SUBREAPER", strerror(errno));
    }
    posix_spawn_file_actions_init(&nothing_to_read_or_write);
    posix_spawn_file_actions_addopen(&nothing_to_read_or_write, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&nothing_to_read_or_write, 1, "/dev/null", O_WRONLY, 0);
    for (int round = 0; round < rounds; round++) {
        for (size_t n = 0; n < subject_count; n++) {
            printf("%s %ju\n", subjects[n].name, (uintmax_t)take_turn(&subjects[n], together));
        }
    }
    return 0;
}
