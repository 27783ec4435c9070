// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import dev.jrun.cli.clients.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The configuration of a containerd that has all that is its own in one directory, and jrun beside runc for its pods.
 */
final class ContainerdSettings {

    /** What its sandboxes run. */
    static final String PAUSE_IMAGE = "localhost/pause:latest";

    private static final Path OURS = Path.of("../scripts/engines");

    private static final String COMMON = """
            root = "%1$s/root"
            state = "%1$s/state"

            [grpc]
            address = "%1$s/socket"

            [plugins."io.containerd.internal.v1.opt"]
            path = "%1$s/opt"
            """;

    /** Sandboxes ask for a score of -998, which wants CAP_SYS_RESOURCE. */
    private static final String FIRST = """
            version = 2
            %s
            [plugins."io.containerd.grpc.v1.cri"]
            sandbox_image = "%s"
            restrict_oom_score_adj = true
            netns_mounts_under_state_dir = true

            [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "/usr/lib/cni"
            conf_dir = "%s/cni"

            [plugins."io.containerd.grpc.v1.cri".containerd]
            snapshotter = "native"

            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
            runtime_type = "io.containerd.runc.v2"

            %s
            """;

    private static final String RUNC_WITH_SYSTEMD = """

            [plugins."%s".containerd.runtimes.runc.options]
            SystemdCgroup = true
            """;

    private static final String SECOND = """
            version = 3
            imports = ["%4$s"]
            %1$s
            [plugins."io.containerd.cri.v1.images"]
            snapshotter = "overlayfs"

            [plugins."io.containerd.cri.v1.images".pinned_images]
            sandbox = "%2$s"

            [plugins."io.containerd.cri.v1.runtime"]
            restrict_oom_score_adj = true
            netns_mounts_under_state_dir = true

            [plugins."io.containerd.cri.v1.runtime".cni]
            bin_dirs = ["/usr/lib/cni"]
            conf_dir = "%3$s/cni"

            [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
            runtime_type = "io.containerd.runc.v2"
            """;

    private static final String IMPORTED = "containerd-2.toml";

    private static final String NETWORK = """
            {"cniVersion": "0.4.0", "name": "pods", "plugins": [{"type": "bridge", "bridge": "pods0", "isGateway": true,
             "ipam": {"type": "host-local", "dataDir": "%s/addresses", "ranges": [[{"subnet": "10.88.0.0/24"}]]}}]}
            """;

    private ContainerdSettings() {}

    /**
     * Writes it to {@code directory}, which is the daemon's own.
     *
     * @param version of containerd, the first number of it
     * @return the file
     */
    static Path write(Path directory, int version) throws IOException {
        Files.writeString(
                Files.createDirectories(directory.resolve("cni")).resolve("pods.conflist"),
                NETWORK.formatted(directory));
        String common = COMMON.formatted(directory);
        String settings = version == 1
                ? FIRST.formatted(common, PAUSE_IMAGE, directory, ours("containerd-1.toml"))
                : SECOND.formatted(common, PAUSE_IMAGE, directory, imported(directory));
        return Files.writeString(directory.resolve("config.toml"), settings);
    }

    /** For one that has systemd make the cgroups of pods; otherwise as {@link #write}. */
    static Path writeForSystemd(Path directory, int version) throws IOException {
        Path file = write(directory, version);
        Path ours = version == 1 ? file : directory.resolve(IMPORTED);
        Files.writeString(ours, Files.readString(ours).replace("# SystemdCgroup = true", "SystemdCgroup = true"));
        String plugin = version == 1 ? "io.containerd.grpc.v1.cri" : "io.containerd.cri.v1.runtime";
        return Files.writeString(file, Files.readString(file) + RUNC_WITH_SYSTEMD.formatted(plugin));
    }

    private static Path imported(Path directory) throws IOException {
        return Files.writeString(directory.resolve(IMPORTED), ours(IMPORTED));
    }

    private static String ours(String name) throws IOException {
        return Files.readString(OURS.resolve(name)).replace("@PREFIX@/bin/jrun", Machine.JRUN.toString());
    }
}
