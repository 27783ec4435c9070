// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.check.CheckedConfig;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.state.ConfiguredContainer;
import dev.jrun.container.state.StateStore;
import dev.jrun.launch.exec.PreparedExec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Remembers what was made from the files of containers in which processes were executed, for the next exec that is the
 * same: a probe comes every few seconds. The key is a file's content, not its name or time, so a file is read each time
 * but understood only once. Nothing here is about a container's present condition: whether its init lives, or is
 * paused, is checked each time as well.
 *
 * <p>It takes as much memory as it says, and forgets first what was not used for longest; all of a container that was
 * deleted by this engine; and whatever nobody wanted for a while, of containers whose end this engine is not told among
 * it.
 */
public final class KnownContainers {

    /** Three probes of a usual container come to 150 kB. */
    private static final int MOST_BYTES = 8 << 20;

    private static final int MOST_OF_ONE = 1 << 20;

    /** Of configurations, which only a process wants that was not executed before. */
    private static final int MOST_OF_CONFIGURATIONS = 2 << 20;

    /** So many processes are remembered for having been executed once. */
    private static final int MOST_SEEN_ONCE = 16;

    /** Probes for startup, readiness and life, and somebody's own. */
    private static final int MOST_EXECS_OF_ONE = 8;

    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** What a file comes to for each byte, when it is understood. */
    private static final int UNDERSTOOD_PER_BYTE = 9;

    private final int most;
    private final Duration longest;
    private final Map<Path, Known> all = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long bytesOfConfigurations;

    KnownContainers() {
        this(MOST_BYTES, LONGEST);
    }

    /**
     * @param most bytes of all
     * @param longest for how long to keep what nobody wants
     */
    KnownContainers(int most, Duration longest) {
        this.most = most;
        this.longest = longest;
    }

    /**
     * What says which process is executed, and how. Of two that are the same the programs are, in the same container.
     *
     * @param document that describes the process; empty if the words do
     */
    public record Key(byte[] document, List<String> words) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(document, key.document) && words.equals(key.words);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(document) + words.hashCode();
        }

        private int size() {
            int size = document.length;
            for (String word : words) {
                size += word.length();
            }
            return size;
        }
    }

    /**
     * The container, without its annotations, and the configuration that it was made of: the very object that it was
     * the last time, if nothing has changed since.
     *
     * @throws ContainerException as {@link StateStore#readConfigured} does
     */
    public ConfiguredContainer read(StateStore store, ContainerId id) throws ContainerException {
        return store.readConfigured(id, container(store.directory(id)));
    }

    private synchronized Optional<ConfiguredContainer> container(Path directory) {
        Known known = all.get(directory);
        return known == null ? Optional.empty() : Optional.of(known.container);
    }

    /** What was kept of the same process in this container, as it was {@linkplain #read read}. */
    public synchronized Optional<PreparedExec> find(Path directory, ConfiguredContainer container, Key key) {
        Known known = all.get(directory);
        return known == null || known.container != container ? Optional.empty() : Optional.ofNullable(known.find(key));
    }

    /**
     * Keeps it if it comes for the second time: most processes are executed once. Of a container that has changed
     * nothing else is kept.
     */
    public synchronized void keep(Path directory, ConfiguredContainer container, Key key, PreparedExec exec) {
        if (!isWorthKeeping(container)) {
            return;
        }
        Known known = known(directory, container);
        bytes -= known.bytes;
        known.put(key, exec);
        bytes += known.bytes;
        forgetOldest();
    }

    /** The configuration of the container, as it was {@linkplain #read read}, if that is still known. */
    public synchronized Optional<CheckedConfig> findConfig(Path directory, ConfiguredContainer container) {
        Known known = all.get(directory);
        return known == null || known.container != container ? Optional.empty() : Optional.ofNullable(known.config);
    }

    /** Keeps it, for as long as there is room. */
    public synchronized void keepConfig(Path directory, ConfiguredContainer container, CheckedConfig config) {
        long length = understood(container.config());
        if (!isWorthKeeping(container) || length > MOST_OF_CONFIGURATIONS) {
            return;
        }
        Known known = known(directory, container);
        if (known.config == null) {
            known.config = config;
            bytesOfConfigurations += length;
        }
        for (Known oldest : all.values()) {
            if (bytesOfConfigurations <= MOST_OF_CONFIGURATIONS) {
                break;
            }
            forgetConfig(oldest);
        }
        forgetOldest();
    }

    /** One whose state is long is not known again, and one with a long configuration would take the room of many. */
    private static boolean isWorthKeeping(ConfiguredContainer container) {
        return container.state().isPresent() && container.length() <= MOST_OF_ONE;
    }

    private Known known(Path directory, ConfiguredContainer container) {
        Known known = all.get(directory);
        if (known == null || known.container != container) {
            forget(directory);
            known = new Known(container);
            all.put(directory, known);
            bytes += known.bytes;
        }
        known.used = System.nanoTime();
        return known;
    }

    /** Keeps nothing of a container any more. */
    public synchronized void forget(Path directory) {
        Known known = all.remove(directory);
        if (known != null) {
            leave(known);
        }
    }

    private void leave(Known known) {
        forgetConfig(known);
        bytes -= known.bytes;
    }

    private void forgetConfig(Known known) {
        if (known.config != null) {
            known.config = null;
            bytesOfConfigurations -= understood(known.container.config());
        }
    }

    private void forgetOldest() {
        long since = System.nanoTime() - longest.toNanos();
        Iterator<Known> oldest = all.values().iterator();
        while (oldest.hasNext()) {
            Known known = oldest.next();
            if (bytes <= most && known.used - since > 0) {
                return;
            }
            leave(known);
            oldest.remove();
        }
    }

    /** Bytes that all takes. */
    synchronized long bytes() {
        return bytes + bytesOfConfigurations;
    }

    private static long understood(Optional<byte[]> file) {
        return (long) UNDERSTOOD_PER_BYTE * file.map(content -> content.length).orElse(0);
    }

    private static final class Known {
        private final ConfiguredContainer container;
        private final Map<Key, PreparedExec> execs = new LinkedHashMap<>(16, 0.75f, true);
        private final Set<Integer> seenOnce = new LinkedHashSet<>();
        private CheckedConfig config;
        private long bytes;
        private long used;

        Known(ConfiguredContainer container) {
            this.container = container;
            this.bytes = container.length() + understood(container.state());
        }

        PreparedExec find(Key key) {
            used = System.nanoTime();
            return execs.get(key);
        }

        void put(Key key, PreparedExec exec) {
            if (!seenOnce.remove(key.hashCode()) && !execs.containsKey(key)) {
                see(key);
                return;
            }
            remove(key);
            execs.put(key, exec);
            bytes += bytes(key, exec);
            while (execs.size() > MOST_EXECS_OF_ONE || bytes > MOST_OF_ONE && !execs.isEmpty()) {
                remove(execs.keySet().iterator().next());
            }
        }

        private void see(Key key) {
            seenOnce.add(key.hashCode());
            if (seenOnce.size() > MOST_SEEN_ONCE) {
                seenOnce.remove(seenOnce.iterator().next());
            }
        }

        private void remove(Key key) {
            PreparedExec exec = execs.remove(key);
            if (exec != null) {
                bytes -= bytes(key, exec);
            }
        }

        /** Its process is as long as what says which it is. */
        private static long bytes(Key key, PreparedExec exec) {
            return exec.size() + 4L * key.size();
        }
    }
}
