// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.container.lifecycle.ContainerBusyException;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.LostRootException;
import dev.jrun.kernel.LockOffset;
import dev.jrun.kernel.call.Failures;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Orders the operations on one container. Between engines, by a lock on one byte of {@code <root>/.lock}, which the
 * kernel takes back when an engine dies; between the threads of this engine, which share that lock, by a lock of the
 * JVM.
 *
 * <p>There is one file for all containers, and it stays, because a process loses its record locks on a file when it
 * closes any descriptor of it ({@link LockFiles}), and because a file that is deleted with its container would have to
 * be told from its successor. Nobody but its owner may open it: a descriptor to read is enough for a lock that keeps
 * all others out.
 *
 * <p>Whoever waits does so for a limited time, and only as long as its caller is there.
 */
public final class ContainerLocks {

    private static final String NAME = ".lock";

    /** Longer than any operation takes that does not wait for somebody else, such as a hook, itself. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Duration limit;
    private final LockFiles files = new LockFiles();

    public ContainerLocks() {
        this(LIMIT);
    }

    /** @param limit how long to wait for a lock */
    public ContainerLocks(Duration limit) {
        this.limit = limit;
    }

    /** The file in which the containers of {@code root} are locked. */
    static Path file(Path root) {
        return root.resolve(NAME);
    }

    /** The byte of it that stands for a container. */
    static long offset(ContainerId id) {
        return LockOffset.of(id.text());
    }

    /**
     * Waits until no other operation on container {@code id} is under way, in this engine or another.
     *
     * @param root the directory of states; it exists
     * @param caller for whom
     * @throws ContainerBusyException if the other operation takes too long
     * @throws ContainerException if the lock file cannot be used
     * @throws SessionBrokenException if the caller does not wait any more
     */
    public HeldLock acquire(Path root, ContainerId id, Session caller)
            throws ContainerException, SessionBrokenException {
        Optional<HeldLock> held = acquire(root, id, caller, limit);
        if (held.isEmpty()) {
            throw new ContainerBusyException(
                    "cannot lock container " + id + ": another operation on it has not ended in " + limit.toSeconds()
                            + " s" + LockHolder.describe(file(root), offset(id)));
        }
        return held.get();
    }

    /** Waits likewise, {@code atMost} for so long; empty if the other operation takes longer. */
    public Optional<HeldLock> acquire(Path root, ContainerId id, Session caller, Duration atMost)
            throws ContainerException, SessionBrokenException {
        try {
            SharedRoot.check(root);
            return acquire(file(root), offset(id), new LockWait(caller, atMost));
        } catch (SessionBrokenException e) {
            throw e;
        } catch (IOException e) {
            String message = "cannot lock container " + id + ": " + file(root) + ": " + Failures.reason(e);
            throw Failures.isAbsence(e) || Failures.isReadOnly(e)
                    ? new LostRootException(message, e)
                    : new ContainerException(message, e);
        }
    }

    private Optional<HeldLock> acquire(Path path, long offset, LockWait wait) throws IOException {
        while (true) {
            HeldLock wanted = files.enterAlone(path, offset, wait);
            Optional<HeldLock> held = wanted == null ? Optional.empty() : acquire(wanted, path, wait);
            if (held.isPresent() || !wait.pause()) {
                return held;
            }
        }
    }

    private static Optional<HeldLock> acquire(HeldLock wanted, Path path, LockWait wait) throws IOException {
        boolean isHeld = false;
        try {
            isHeld = wanted.await(wait) && wanted.isOf(path);
            return isHeld ? Optional.of(wanted) : Optional.empty();
        } finally {
            if (!isHeld) {
                wanted.close();
            }
        }
    }
}
