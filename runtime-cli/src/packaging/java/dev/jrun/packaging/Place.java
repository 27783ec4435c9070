// SPDX-License-Identifier: Apache-2.0
package dev.jrun.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where calls are made: in a mount namespace of their own, where this user may have one. There the host can be shown as
 * another would be, and nobody notices.
 */
final class Place implements AutoCloseable {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    /** Keeps the namespace, until its input ends. */
    private final Process holder;

    private final boolean apart;

    private Place(Process holder) throws IOException {
        this.holder = holder;
        this.apart = holder.inputReader().readLine() != null;
    }

    static Place open() throws IOException {
        return new Place(
                new ProcessBuilder("unshare", "--mount", "--propagation", "private", "sh", "-c", "echo; exec cat")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
    }

    /** Has a command be executed there. */
    ProcessBuilder enter(ProcessBuilder command) {
        if (apart) {
            command.command().addAll(0, List.of("nsenter", "--mount=/proc/" + holder.pid() + "/ns/mnt", "--"));
        }
        return command;
    }

    /**
     * Makes a host that has both versions of cgroups look like one that has only version 2.
     *
     * @param directory where to mount it for a moment
     * @return whether it looks otherwise now
     */
    boolean showOnlyUnifiedCgroups(Path directory) throws IOException, InterruptedException {
        if (!apart || Files.exists(CGROUPS.resolve("cgroup.procs"))) {
            return false;
        }
        Files.createDirectory(directory);
        return execute("mount", "-t", "cgroup2", "cgroup2", directory.toString())
                && execute("umount", "--lazy", CGROUPS.toString())
                && execute("mount", "--move", directory.toString(), CGROUPS.toString());
    }

    private boolean execute(String... command) throws IOException, InterruptedException {
        return enter(new ProcessBuilder(new ArrayList<>(List.of(command))))
                        .start()
                        .waitFor()
                == 0;
    }

    @Override
    public void close() throws IOException {
        holder.getOutputStream().close();
    }
}
