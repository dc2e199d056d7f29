/** Runs in a Worker. */
import { serve } from "../../background/task";
import { readSource } from "./source";

serve(readSource);
