// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.soak;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A container that was given the directories of the runtime's sockets and states, connects to every socket that it can
 * reach, by hundreds, says nothing, and takes every lock that it can; as root, and as nobody.
 */
record HostileContainer(OciRuntime runtime, String id) implements AutoCloseable {

    private static final String SCRIPT = """
            use strict; use Socket; use Fcntl; $| = 1; $SIG{__WARN__} = sub {};
            my ($nobody, @places) = @ARGV;
            if ($nobody) { $) = '65534 65534'; $( = 65534; $< = $> = 65534 }
            my (@held, %locks);
            sub found {
                my @places = @_; my @files;
                while (defined(my $place = shift @places)) {
                    opendir my $list, $place or next;
                    for (readdir $list) {
                        next if $_ eq '.' || $_ eq '..';
                        push @{-d "$place/$_" && !-l "$place/$_" ? \\@places : \\@files}, "$place/$_";
                    }
                }
                return @files;
            }
            print "ready\\n";
            while (1) {
                for my $file (found(@places)) {
                    if (-S $file) {
                        socket my $socket, PF_UNIX, SOCK_STREAM, 0 or next;
                        fcntl $socket, F_SETFL, O_NONBLOCK;
                        push @held, $socket if connect $socket, eval { pack_sockaddr_un $file } || next;
                    } elsif ($nobody && !$locks{$file} && open my $handle, '<', $file) {
                        fcntl $handle, F_SETLK, pack 's s x4 q q i x4', F_RDLCK, 0, 0, 0, 0;
                        $locks{$file} = $handle;
                    }
                }
                shift @held while @held > 192;
                select undef, undef, undef, 0.01;
            }
            """;

    /**
     * Starts it.
     *
     * @param bundle whose program is replaced
     * @param places the directories that it is given, at the same paths
     */
    static HostileContainer start(OciRuntime runtime, String id, Bundle bundle, boolean asNobody, Path... places)
            throws IOException {
        Path script = bundle.directory().resolve("rootfs/hostile");
        Files.writeString(script, SCRIPT);
        StringBuilder mounts = new StringBuilder();
        StringBuilder words = new StringBuilder(asNobody ? "\"1\"" : "\"0\"");
        for (String path : new String[] {"/usr", "/lib", "/lib64"}) {
            addMount(mounts, Path.of(path));
        }
        for (Path place : places) {
            addMount(mounts, place);
            words.append(", \"").append(place).append('"');
        }
        bundle.withMounts(mounts.toString());
        String capabilities = "[\"CAP_SETUID\", \"CAP_SETGID\"]";
        for (String set : List.of("bounding", "effective", "permitted")) {
            bundle.with("/process/capabilities/" + set, capabilities);
        }
        bundle.with("/process/args", "[\"/usr/bin/perl\", \"/hostile\", " + words + "]");
        runtime.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        return new HostileContainer(runtime, id);
    }

    private static void addMount(StringBuilder mounts, Path path) {
        if (!mounts.isEmpty()) {
            mounts.append(",\n");
        }
        mounts.append(
                "{\"destination\": \"%s\", \"type\": \"bind\", \"source\": \"%s\", \"options\": [\"bind\", \"ro\"]}"
                        .formatted(path, path));
    }

    @Override
    public void close() {
        runtime.call("delete", "--force", id).succeeds();
    }
}
