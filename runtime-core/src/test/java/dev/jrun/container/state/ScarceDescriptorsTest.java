// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.resctrl.Resctrl;
import dev.jrun.container.ListContainers;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.LinuxException;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine that can open no more files has found out nothing, and does not say that there is nothing. */
@Timeout(60)
class ScarceDescriptorsTest {

    private static final ContainerId ID = new ContainerId("c1");

    @TempDir
    private Path root;

    /** What an engine does. */
    private interface Step {
        Object perform() throws Exception;
    }

    /**
     * A process with few descriptors, in place of an engine: performs each step without any, and prints what came of
     * it.
     */
    static final class Engine {
        private static final List<FileInputStream> TAKEN = new ArrayList<>();

        private Engine() {}

        public static void main(String[] arguments) throws Exception {
            var store = new StateStore(Path.of(arguments[0]));
            ProcessIdentity self =
                    ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
            store.claim(ID);
            store.write(Records.of("c1").withFirst(new FirstProcess(self, new TreeMap<>(), List.of())));
            ContainerRecord container = store.read(ID);
            print("there", () -> ProcessIdentity.of(self.pid()));
            print("alive", self::isAlive);
            print("executed", container::hasNotExecuted);
            print("status", () -> ContainerState.of(container));
            print("list", () -> new ListContainers(store).execute());
            print("find", () -> store.find(ID));
            print("resctrl", Resctrl::mounted);
            var other = new ContainerId("c0");
            store.claim(other);
            Iterator<ContainerId> ids = List.of(other, ID).iterator();
            print("remove", () -> {
                store.remove(ids.next());
                return "removed";
            });
            System.out.println("kept: " + store.find(ID).isPresent());
        }

        private static void print(String name, Step step) throws Exception {
            // A class that is not loaded is a file that cannot be opened, too. So the step is performed once before.
            Errno.EMFILE.message();
            new LinuxException("", 0).reason();
            new ContainerException("").getMessage();
            new CgroupException("", new IOException()).getMessage();
            Failures.describe(new IOException(""));
            step.perform();
            String outcome;
            takeAll();
            try {
                outcome = step.perform() + "";
            } catch (ContainerException | CgroupException e) {
                outcome = e.getMessage().endsWith("too many open files") ? "unknown" : e.toString();
            } catch (Exception e) {
                outcome = e.toString();
            } finally {
                giveBack();
            }
            System.out.println(name + ": " + outcome);
        }

        private static void takeAll() {
            try {
                while (true) {
                    TAKEN.add(new FileInputStream("/dev/null"));
                }
            } catch (IOException noMore) {
                return;
            }
        }

        private static void giveBack() throws IOException {
            for (FileInputStream file : TAKEN) {
                file.close();
            }
            TAKEN.clear();
        }
    }

    @Test
    void whatCannotBeFoundOutIsUnknown() throws Exception {
        Process engine = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 100; exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Engine.class.getName(),
                        root.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String answers = new String(engine.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("""
                there: unknown
                alive: unknown
                executed: unknown
                status: unknown
                list: unknown
                find: unknown
                resctrl: unknown
                remove: unknown
                kept: true
                """, answers);
        assertEquals(0, engine.waitFor());
    }
}
