// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.watch;

import dev.jrun.cgroup.controller.OomNotices;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a shim that watches a container passes from one call to the next, in its environment. Descriptors are those of
 * the shim.
 *
 * @param timer of a timerfd that says when to look again
 * @param process of a pidfd of the container's first process; negative if there is none
 * @param started when that process did; empty if a former version did not say so
 * @param oom what it knows of the container's running out of memory; empty if nothing is told of that
 */
public record KeptWatch(long timer, long process, OptionalLong started, Optional<Oom> oom) {

    static final String PREFIX = "_JRUN_WATCH_";
    static final String TIMER = "TIMER";
    static final String PROCESS = "PROCESS";
    static final String STARTED = "STARTED";
    static final String PLACE = "PLACE";
    static final String EVENTS = "EVENTS";
    static final String EVENTFD = "EVENTFD";
    static final String KILLS = "KILLS";
    static final String DIRECTORY = "CGROUP";
    static final String KILLS_AT_LOOK = "KILLS_AT_LOOK";
    static final String KILLS_ON_HOST = "KILLS_ON_HOST";

    /** What is known of that. */
    public sealed interface Oom {

        /** Where it is told, as it was known then. */
        OomNotices notices();

        /**
         * On cgroup v1.
         *
         * @param eventfd the descriptor that is signalled
         * @param place that of the cgroup's directory, in which nothing is found when it was removed, whatever has its
         *     path then; empty if a former version has none
         */
        record Legacy(OomNotices.Legacy notices, long eventfd, OptionalLong place) implements Oom {}

        /**
         * On cgroup v2.
         *
         * @param said how many kills were said, or were there before
         * @param events the descriptor of the cgroup's {@code memory.events}, which cannot be read when it was removed;
         *     empty if a former version has none
         */
        record Unified(OomNotices.Unified notices, long said, OptionalLong events) implements Oom {}
    }

    /** What a call's environment says; empty if it is no such shim's. */
    public static Optional<KeptWatch> in(Map<String, String> environment) {
        String timer = environment.get(PREFIX + TIMER);
        String process = environment.get(PREFIX + PROCESS);
        if (timer == null || process == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new KeptWatch(number(timer), number(process), numberIn(environment, STARTED), oom(environment)));
        } catch (NumberFormatException | InvalidPathException somebodyElses) {
            return Optional.empty();
        }
    }

    private static Optional<Oom> oom(Map<String, String> environment) {
        String directory = environment.get(PREFIX + DIRECTORY);
        if (directory == null) {
            return Optional.empty();
        }
        Path cgroup = Path.of(directory);
        String eventfd = environment.get(PREFIX + EVENTFD);
        if (eventfd != null) {
            return Optional.of(
                    new Oom.Legacy(new OomNotices.Legacy(cgroup), number(eventfd), numberIn(environment, PLACE)));
        }
        long said = number(environment.getOrDefault(PREFIX + KILLS, ""));
        long killsAtLook = numberIn(environment, KILLS_AT_LOOK).orElse(said);
        // Without that nothing is concluded from what was killed on the host.
        long killsOnHost = numberIn(environment, KILLS_ON_HOST).orElse(Long.MAX_VALUE);
        return Optional.of(new Oom.Unified(
                new OomNotices.Unified(cgroup, killsAtLook, killsOnHost), said, numberIn(environment, EVENTS)));
    }

    /** A former version, which this call goes on for, may not have said it. */
    private static OptionalLong numberIn(Map<String, String> environment, String name) {
        String text = environment.get(PREFIX + name);
        return text == null ? OptionalLong.empty() : OptionalLong.of(number(text));
    }

    private static long number(String text) {
        return Long.parseUnsignedLong(text);
    }
}
