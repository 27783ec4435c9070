// SPDX-License-Identifier: Apache-2.0
/**
 * How another process is executed in a container that runs: {@code exec}. The shim makes a process in the container's
 * cgroup, which joins the container's namespaces and becomes its user where no process of the container can see it; its
 * child is born into the container's pid namespace with nothing left of the host, and executes.
 */
package dev.jrun.launch.exec;
