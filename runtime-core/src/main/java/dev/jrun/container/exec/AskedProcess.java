// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.exec;

import dev.jrun.spec.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The process that a caller asks for. */
public sealed interface AskedProcess {

    /**
     * One that a document describes.
     *
     * @param name as the caller wrote it: relative to its working directory, or "-" for standard input
     */
    record Document(String name) implements AskedProcess {}

    /**
     * The container's own, but for this.
     *
     * @param arguments not empty
     * @param cwd absolute
     * @param environment entries {@code NAME=value}, besides its own
     * @param groups supplementary ones, besides its own
     * @param capabilities besides its own: bounding, effective and permitted
     * @param terminal whether it gets one
     * @param noNewPrivileges whether it is asked for; else it is as with the container's own
     */
    record OnCommandLine(
            List<String> arguments,
            Optional<String> cwd,
            Optional<AskedUser> user,
            List<String> environment,
            List<Long> groups,
            List<String> capabilities,
            boolean terminal,
            boolean noNewPrivileges,
            Optional<String> apparmorProfile,
            Optional<String> selinuxLabel)
            implements AskedProcess {
        public OnCommandLine {
            arguments = List.copyOf(arguments);
            environment = List.copyOf(environment);
            groups = List.copyOf(groups);
            capabilities = List.copyOf(capabilities);
        }

        /** All of it, in words that no other has. */
        List<String> words() {
            List<String> words = new ArrayList<>();
            addAll(words, arguments);
            addAll(words, environment);
            addAll(words, capabilities);
            words.add(groups.toString());
            words.add(cwd.orElse(""));
            words.add(user.isPresent() ? user.get().uid() + ":" + user.get().gid() : "");
            words.add(apparmorProfile.orElse(""));
            words.add(selinuxLabel.orElse(""));
            words.add((terminal ? "t" : "") + (noNewPrivileges ? "n" : ""));
            return words;
        }

        private static void addAll(List<String> words, List<String> some) {
            words.add(Integer.toString(some.size()));
            words.addAll(some);
        }
    }

    /**
     * A user.
     *
     * @param gid absent: that of the container's own process
     */
    record AskedUser(long uid, OptionalLong gid) {

        /** Instead of {@code user}, with these supplementary groups more. */
        User in(User user, List<Long> groups) {
            return new User(uid, gid.orElse(user.gid()), user.umask(), groups);
        }
    }
}
