// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine.company;

import dev.jrun.kernel.call.LinuxCalls;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Somebody else in each namespace of this engine's that is not one of those that the system started with, and in each
 * cgroup that it could not leave. With them the engine may stay: what would end without it does not end anyway.
 * Engines, of whatever build and identity, are nobody's company, since they would keep each other. What cannot be seen
 * does not count: to leave harms nobody.
 *
 * <p>One process is mostly company enough. Its pidfd tells at once when it ends, and it is looked at now and then,
 * since it may go elsewhere (setns(2), unshare(2)). Only when it is lost are all processes looked through for another.
 */
public final class Company {

    private static final Path PROCESSES = Path.of("/proc");

    /**
     * How long nobody notices that a companion has gone elsewhere. That is rare, and to look takes almost a
     * millisecond, as after such a time nothing of it is in the processor's caches.
     */
    private static final Duration GLANCE = Duration.ofSeconds(2);

    /** Where companions come and go all the time, to look through all processes for each would take a processor. */
    private static final Duration BETWEEN_SEARCHES = Duration.ofMillis(200);

    private final int self = (int) ProcessHandle.current().pid();
    private final List<Companion> companions = new ArrayList<>();
    private Optional<OwnNamespaces> namespaces = Optional.empty();
    private int leftOut;
    private long lastSearch = System.nanoTime();

    /** This process is no company: the shim that started this engine goes when its call is over. */
    public void leaveOut(int process) {
        leftOut = process;
    }

    /**
     * Whether there is some in each namespace. That is to be known before anything is made for a stay.
     *
     * @throws IOException if it cannot be found out
     */
    public boolean isInNamespaces() throws IOException {
        return isIn(new ArrayList<>(namespaces().others()));
    }

    /**
     * Whether there is some in each namespace and cgroup.
     *
     * @throws IOException if it cannot be found out
     */
    public boolean isThere() throws IOException {
        List<Place> places = new ArrayList<>(namespaces().others());
        places.addAll(OwnCgroup.own(namespaces()));
        return isIn(places);
    }

    private OwnNamespaces namespaces() throws IOException {
        if (namespaces.isEmpty()) {
            namespaces = Optional.of(OwnNamespaces.find());
        }
        return namespaces.get();
    }

    /**
     * Returns when there is none any more, or it cannot be found out.
     *
     * @throws InterruptedException if this thread is interrupted
     */
    public void watch() throws InterruptedException {
        try {
            while (isThere()) {
                LinuxCalls.awaitInput(
                        companions.stream().mapToInt(Companion::pidfd).toArray(), GLANCE);
                pauseAfterSearch();
            }
        } catch (IOException e) {
            // To leave harms nobody.
        }
    }

    private void pauseAfterSearch() throws InterruptedException {
        long rest = BETWEEN_SEARCHES.toNanos() - (System.nanoTime() - lastSearch);
        if (rest > 0) {
            Thread.sleep(Duration.ofNanos(rest));
        }
    }

    private boolean isIn(List<Place> lonely) throws IOException {
        keepThoseIn(lonely);
        if (!lonely.isEmpty()) {
            find(lonely);
        }
        return lonely.isEmpty();
    }

    /** Takes away the places in which one of the companions is. */
    private void keepThoseIn(List<Place> lonely) {
        Iterator<Companion> each = companions.iterator();
        while (each.hasNext()) {
            Companion companion = each.next();
            if (!lonely.removeIf(companion::isIn)) {
                each.remove();
                companion.leave();
            }
        }
    }

    private void find(List<Place> lonely) throws IOException {
        try {
            findAncestors(lonely);
            findAny(lonely);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } finally {
            lastSearch = System.nanoTime();
        }
    }

    /** Whoever called is company as a rule, and there may be thousands of others. */
    private void findAncestors(List<Place> lonely) {
        Optional<ProcessHandle> ancestor = ProcessHandle.current().parent();
        while (!lonely.isEmpty() && ancestor.isPresent()) {
            look((int) ancestor.get().pid(), lonely);
            ancestor = ancestor.get().parent();
        }
    }

    /** The kernel lists processes by their numbers, so that the oldest, which stay longest as a rule, come first. */
    private void findAny(List<Place> lonely) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES)) {
            Iterator<Path> each = processes.iterator();
            while (!lonely.isEmpty() && each.hasNext()) {
                look(number(each.next().getFileName().toString()), lonely);
            }
        }
    }

    private void look(int pid, List<Place> lonely) {
        if (pid > 0 && pid != self && pid != leftOut) {
            meet(Companion.at(pid, lonely), lonely);
        }
    }

    private void meet(Optional<Companion> found, List<Place> lonely) {
        if (found.isPresent()) {
            companions.add(found.get());
            lonely.removeIf(found.get()::isIn);
        }
    }

    /** 0 if the text is none. */
    private static int number(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return 0;
            }
        }
        return Integer.parseInt(text);
    }
}
