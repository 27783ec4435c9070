// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.writing;

import dev.jrun.cgroup.CgroupException;
import java.nio.file.Path;

/**
 * What has to be done to put back what is about to be written, kept where it is found should whoever writes come to a
 * sudden end. What was noted last is to be done first.
 */
public interface Journal {

    /** Nothing is kept. */
    Journal NONE = new Journal() {
        @Override
        public void note(Path file, String value) {}

        @Override
        public void noteDevices() {}

        @Override
        public void noteManager(String properties) {}
    };

    /**
     * This is to be written to a file, which does no harm where nothing has been written to it yet.
     *
     * @throws CgroupException if it cannot be kept
     */
    void note(Path file, String value) throws CgroupException;

    /**
     * The device programs are to be those again that lead to the rules that are known of the container.
     *
     * @throws CgroupException if it cannot be kept
     */
    void noteDevices() throws CgroupException;

    /**
     * Whoever manages the cgroup is to be told this of it again.
     *
     * @param properties as its driver understands them
     * @throws CgroupException if it cannot be kept
     */
    void noteManager(String properties) throws CgroupException;
}
