// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A bundle of the configuration that {@code spec} writes, without a terminal, on a root filesystem of busybox. What it
 * asks for is what floor.c does.
 *
 * @param arguments the process's argv
 */
record Bundle(Path directory, List<String> arguments) {

    /** Whether the configuration restricts devices, as the default one does. */
    enum Devices {
        RESTRICTED("{\"devices\": [{\"allow\": false, \"access\": \"rwm\"}]}"),
        /** For a runtime that cannot load its device program here: crun 1.8 without CAP_SYS_RESOURCE. */
        UNRESTRICTED("{}");

        private final String resources;

        Devices(String resources) {
            this.resources = resources;
        }
    }

    private static final String CONFIG = """
            {
              "ociVersion": "1.0.2",
              "process": {
                "terminal": false,
                "user": {"uid": 0, "gid": 0},
                "args": [@ARGUMENTS@],
                "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"],
                "cwd": "/",
                "capabilities": {
                  "bounding": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
                  "effective": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
                  "permitted": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]
                },
                "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 1024, "soft": 1024}],
                "noNewPrivileges": true
              },
              "root": {"path": "@ROOT@", "readonly": true},
              "hostname": "jrun",
              "mounts": [
                {"destination": "/proc", "type": "proc", "source": "proc"},
                {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
                 "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
                {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
                 "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]},
                {"destination": "/dev/shm", "type": "tmpfs", "source": "shm",
                 "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]},
                {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue",
                 "options": ["nosuid", "noexec", "nodev"]},
                {"destination": "/sys", "type": "sysfs", "source": "sysfs",
                 "options": ["nosuid", "noexec", "nodev", "ro"]},
                {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
                 "options": ["nosuid", "noexec", "nodev", "relatime", "ro"]}@MOUNTS@
              ],
              "linux": {
                "resources": @RESOURCES@,
                "namespaces": [{"type": "pid"}, {"type": "network"}, {"type": "ipc"}, {"type": "uts"},
                               {"type": "mount"}, {"type": "cgroup"}],
                "maskedPaths": ["/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
                                "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware",
                                "/proc/scsi"],
                "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
              }
            }
            """;

    /** Makes the root filesystem that all bundles beside it use. */
    static void makeRootFilesystem(Path work, Path busybox) throws IOException {
        Path root = work.resolve("rootfs");
        for (String directory : List.of("bin", "proc", "dev", "sys")) {
            Files.createDirectories(root.resolve(directory));
        }
        Files.copy(busybox, root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String command : List.of("sh", "true", "sleep")) {
            Files.createSymbolicLink(root.resolve("bin").resolve(command), Path.of("busybox"));
        }
    }

    static Bundle make(Path work, String name, Devices devices, String... arguments) throws IOException {
        return make(work, name, devices, 0, arguments);
    }

    /** One with so many bind mounts besides, of a directory each, as volumes come. */
    static Bundle make(Path work, String name, Devices devices, int binds, String... arguments) throws IOException {
        Bundle bundle = new Bundle(work.resolve(name), List.of(arguments));
        Files.createDirectories(bundle.directory);
        String argv =
                bundle.arguments.stream().map(argument -> '"' + argument + '"').collect(Collectors.joining(", "));
        Files.writeString(
                bundle.directory.resolve("config.json"),
                CONFIG.replace("@ARGUMENTS@", argv)
                        .replace("@MOUNTS@", bundle.binds(binds))
                        .replace("@ROOT@", bundle.rootFilesystem().toString())
                        .replace("@RESOURCES@", devices.resources));
        return bundle;
    }

    private String binds(int count) throws IOException {
        StringBuilder mounts = new StringBuilder();
        for (int n = 0; n < count; n++) {
            Path source = Files.createDirectories(directory.resolve("volumes/" + n));
            Files.createDirectories(rootFilesystem().resolve("volumes/" + n));
            mounts.append(",\n").append("""
                                {"destination": "/volumes/%d", "type": "bind", "source": "%s",
                                 "options": ["rbind", "rprivate", "ro"]}""".formatted(n, source));
        }
        return mounts.toString();
    }

    Path rootFilesystem() {
        return directory.resolveSibling("rootfs");
    }
}
