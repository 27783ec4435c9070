// SPDX-License-Identifier: Apache-2.0
// floor run ID ROOTFS FILE [ARGUMENT…]: the least that running the benchmark's bundle can cost.
// floor exec PID FILE [ARGUMENT…]: the least that executing a process costs in the container of the bundle whose init
// has this pid.
//
// It asks the kernel for what that config.json asks for (Bundle.java), written out by hand: it reads no configuration,
// keeps no state, trusts the root filesystem and the container, and undoes nothing when a call fails. A runtime cannot
// be faster than this; how much slower it is is the cost of being one.
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/keyctl.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRY(call) ((call) == -1 ? fail(#call) : (void)0)
#define LENGTH(array) (sizeof(array) / sizeof *(array))

static _Noreturn void fail(const char *call) {
    fprintf(stderr, "floor: %s: %s\n", call, strerror(errno));
    _exit(1);
}

static void mount_filesystem(const char *type, const char *point, unsigned long flags, const char *data) {
    if (mount(type, point, type, flags, data) == -1) {
        fail(point);
    }
}

// All is mounted relative to the root filesystem's own directory, which is where this process is.
static void mount_everything(void) {
    const unsigned long safe = MS_NOSUID | MS_NOEXEC | MS_NODEV;
    mount_filesystem("proc", "proc", 0, NULL);
    mount_filesystem("tmpfs", "dev", MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k");
    TRY(mkdir("dev/pts", 0755));
    mount_filesystem("devpts", "dev/pts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5");
    TRY(mkdir("dev/shm", 0755));
    mount_filesystem("tmpfs", "dev/shm", safe, "mode=1777,size=65536k");
    TRY(mkdir("dev/mqueue", 0755));
    mount_filesystem("mqueue", "dev/mqueue", safe, NULL);
    mount_filesystem("sysfs", "sys", safe | MS_RDONLY, NULL);
    mount_filesystem("cgroup2", "sys/fs/cgroup", safe | MS_RELATIME | MS_RDONLY, NULL);
}

static void make_devices(void) {
    static const struct {
        const char *path;
        unsigned major, minor;
    } devices[] = {{"dev/null", 1, 3},   {"dev/zero", 1, 5},    {"dev/full", 1, 7},
                   {"dev/random", 1, 8}, {"dev/urandom", 1, 9}, {"dev/tty", 5, 0}};
    static const char *const links[][2] = {{"/proc/self/fd", "dev/fd"},
                                           {"/proc/self/fd/0", "dev/stdin"},
                                           {"/proc/self/fd/1", "dev/stdout"},
                                           {"/proc/self/fd/2", "dev/stderr"},
                                           {"pts/ptmx", "dev/ptmx"}};
    mode_t mask = umask(0);
    for (size_t n = 0; n < LENGTH(devices); n++) {
        TRY(mknod(devices[n].path, S_IFCHR | 0666, makedev(devices[n].major, devices[n].minor)));
    }
    umask(mask);
    for (size_t n = 0; n < LENGTH(links); n++) {
        TRY(symlink(links[n][0], links[n][1]));
    }
}

static void enter_root(void) {
    TRY(syscall(SYS_pivot_root, ".", "."));
    TRY(umount2(".", MNT_DETACH));
    TRY(mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
}

// Paths that this kernel does not have are left out.
static void restrict_paths(void) {
    static const char *const masked[] = {
        "/proc/acpi",       "/proc/asound",      "/proc/kcore",       "/proc/keys",    "/proc/latency_stats",
        "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi"};
    static const char *const read_only[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"};
    for (size_t n = 0; n < LENGTH(masked); n++) {
        if (mount("/dev/null", masked[n], NULL, MS_BIND, NULL) == 0 || errno == ENOENT) {
            continue;
        }
        if (errno != ENOTDIR) {
            fail(masked[n]);
        }
        mount_filesystem("tmpfs", masked[n], MS_RDONLY, NULL);
    }
    for (size_t n = 0; n < LENGTH(read_only); n++) {
        if (mount(read_only[n], read_only[n], NULL, MS_BIND | MS_REC, NULL) == -1) {
            if (errno != ENOENT) {
                fail(read_only[n]);
            }
            continue;
        }
        const unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NOEXEC | MS_NODEV;
        TRY(mount(NULL, read_only[n], NULL, flags, NULL));
    }
}

static void bring_loopback_up(void) {
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    TRY(s);
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    TRY(ioctl(s, SIOCSIFFLAGS, &request));
    close(s);
}

static void set_credentials(void) {
    static const int kept[] = {CAP_AUDIT_WRITE, CAP_KILL, CAP_NET_BIND_SERVICE};
    uint64_t set = 0;
    for (size_t n = 0; n < LENGTH(kept); n++) {
        set |= UINT64_C(1) << kept[n];
    }
    TRY(prctl(PR_SET_KEEPCAPS, 1));
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; capability++) {
        if (!(set >> capability & 1)) {
            TRY(prctl(PR_CAPBSET_DROP, capability));
        }
    }
    TRY(syscall(SYS_setgroups, 0, NULL));
    TRY(syscall(SYS_setresgid, 0, 0, 0));
    TRY(syscall(SYS_setresuid, 0, 0, 0));
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {0};
    for (int word = 0; word < 2; word++) {
        data[word].effective = data[word].permitted = (uint32_t)(set >> 32 * word);
    }
    TRY(syscall(SYS_capset, &header, data));
    TRY(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

static _Noreturn void become_process(char **command) {
    TRY(setrlimit(RLIMIT_NOFILE, &(struct rlimit){1024, 1024}));
    TRY(syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC));
    set_credentials();
    TRY(chdir("/"));
    umask(022);
    execve(command[0], command,
           (char *[]){"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm", NULL});
    fail(command[0]);
}

static _Noreturn void be_init(const char *rootfs, char **command) {
    TRY(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL));
    TRY(mount(rootfs, rootfs, NULL, MS_BIND | MS_REC, NULL));
    TRY(chdir(rootfs));
    TRY(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, "floor"));
    mount_everything();
    make_devices();
    enter_root();
    TRY(sethostname("jrun", 4));
    restrict_paths();
    bring_loopback_up();
    become_process(command);
}

static int open_cgroup(const char *path) {
    char directory[4096 + 16];
    snprintf(directory, sizeof directory, "/sys/fs/cgroup%s", path);
    int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    TRY(fd);
    return fd;
}

static pid_t start_in(int cgroup, uint64_t namespaces) {
    struct clone_args arguments = {
        .flags = namespaces | CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (unsigned)cgroup};
    pid_t pid = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
    TRY(pid);
    return pid;
}

static int exit_code(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int run(const char *id, const char *rootfs, char **command) {
    char cgroup[256], directory[300];
    snprintf(cgroup, sizeof cgroup, "/%s", id);
    snprintf(directory, sizeof directory, "/sys/fs/cgroup%s", cgroup);
    TRY(mkdir(directory, 0755));
    pid_t pid = start_in(open_cgroup(cgroup), CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS | CLONE_NEWCGROUP);
    if (pid == 0) {
        be_init(rootfs, command);
    }
    int status;
    TRY(waitpid(pid, &status, 0));
    TRY(rmdir(directory));
    return exit_code(status);
}

// Its cgroup of cgroup v2, by the line "0::PATH".
static int open_cgroup_of(const char *pid) {
    char path[64], line[4096];
    snprintf(path, sizeof path, "/proc/%s/cgroup", pid);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "0::", 3) == 0) {
            line[strcspn(line, "\n")] = 0;
            fclose(file);
            return open_cgroup(line + 3);
        }
    }
    fail(path);
}

// What joins the pid namespace is a child of this process, too, so that this one can wait for it.
static _Noreturn void join(int init, char **command) {
    TRY(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, "floor"));
    TRY(setns(init, CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS | CLONE_NEWCGROUP));
    long pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
    TRY(pid);
    if (pid > 0) {
        _exit(0);
    }
    TRY(setsid());
    become_process(command);
}

static int execute(const char *init, char **command) {
    int held = (int)syscall(SYS_pidfd_open, atoi(init), 0);
    TRY(held);
    pid_t joining = start_in(open_cgroup_of(init), 0);
    if (joining == 0) {
        join(held, command);
    }
    int status, code = 0;
    for (pid_t ended; (ended = wait(&status)) > 0;) {
        code = ended != joining || status ? exit_code(status) : code;
    }
    return code;
}

int main(int argc, char **argv) {
    if (argc >= 5 && strcmp(argv[1], "run") == 0) {
        return run(argv[2], argv[3], argv + 4);
    }
    if (argc >= 4 && strcmp(argv[1], "exec") == 0) {
        return execute(argv[2], argv + 3);
    }
    fprintf(stderr, "usage: floor run ID ROOTFS FILE [ARGUMENT...]\n       floor exec PID FILE [ARGUMENT...]\n");
    return 2;
}
