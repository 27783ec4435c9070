// SPDX-License-Identifier: Apache-2.0
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerExistsException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.NotExecutableException;
import dev.jrun.embedding.Containers;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Runs a bundle, and says how its container ended. No engine is started and no command line called: this JVM makes the
 * container itself. As root, with jrun installed in /usr/local:
 *
 * <pre>
 * java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
 *     --class-path /usr/local/lib/jrun/lib/jrun.jar -Djffi.boot.library.path=/usr/local/lib/jrun/lib/native \
 *     RunBundle.java /usr/local/lib/jrun /run/example hello /bundles/hello
 * </pre>
 */
final class RunBundle {

    private RunBundle() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            System.err.println("usage: RunBundle JRUN-HOME STATE-ROOT ID BUNDLE");
            System.exit(2);
        }
        Containers containers = new Containers(Path.of(arguments[0]), Path.of(arguments[1]));
        System.exit(run(containers, arguments[2], Path.of(arguments[3])));
    }

    private static int run(Containers containers, String id, Path bundle) throws IOException {
        try {
            int code = containers.run(ContainerId.of(id), bundle);
            System.out.println(id + " has ended with exit code " + code);
            return code;
        } catch (ContainerExistsException e) {
            System.err.println("There is a container " + id + " already: take another id, or delete it.");
            return 125;
        } catch (NotExecutableException e) {
            System.err.println("The bundle's program cannot be executed: " + e.getMessage());
            return 127;
        } catch (ContainerException e) {
            System.err.println(e.getMessage());
            return 125;
        }
    }
}
